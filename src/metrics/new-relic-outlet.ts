import type { Publish, Registration } from '../events.js'
import { familyOf, type Metrics } from './metrics.js'

/** What of the agent's API is used; none of it throws or waits. */
export interface NewRelicAgent {
  recordCustomEvent(eventType: string, attributes: Record<string, string | number | boolean>): void
  recordMetric(
    name: string,
    value: number | { count: number; total: number; min: number; max: number; sumOfSquares: number },
  ): void
  incrementMetric(name: string, value?: number): void
}

/** Shows at New Relic what happens. */
export interface NewRelicOutlet {
  /** Sends an event for each registration. */
  readonly listen: Publish
  /** Sends the figures, and of what is counted what was added since the last time. */
  report(): Promise<void>
}

/** The event of a registration. */
const registrationEvent = 'DyndnsRegistration'

// The agent puts `Custom/` before the name of each metric.

/** What is looked up: the figure at each report. */
const levels = {
  'Dyndns53/RecordsWaiting': 'dyndns53_records_waiting',
  'Dyndns53/HostDatabaseAgeSeconds': 'dyndns53_host_database_age_seconds',
  'Dyndns53/HostDatabaseBadLines': 'dyndns53_host_database_bad_lines',
}

/** What is counted: how many were added. */
const counts = {
  'Dyndns53/Route53Calls': { of: 'dyndns53_route53_calls_total' },
  'Dyndns53/Route53Throttled': { of: 'dyndns53_route53_calls_total', fault: 'throttled' },
  'Dyndns53/Route53Denied': { of: 'dyndns53_route53_calls_total', fault: 'denied' },
  'Dyndns53/RecordsGivenUp': { of: 'dyndns53_records_given_up_total' },
  'Dyndns53/FailedLogins': { of: 'dyndns53_failed_logins_total' },
  'Dyndns53/Lockouts': { of: 'dyndns53_lockouts_total' },
}

/** What is measured: how many values were added, and their mean. */
const means = {
  'Dyndns53/WaitingSeconds': 'dyndns53_registration_duration_seconds',
  'Dyndns53/BatchChanges': 'dyndns53_route53_batch_changes',
}

/** An outlet that has sent nothing yet; `withAddresses`: addresses of hosts are sent too. */
export function createNewRelicOutlet(
  agent: NewRelicAgent,
  metrics: Metrics,
  { withAddresses }: { readonly withAddresses: boolean },
): NewRelicOutlet {
  // Owned here: what each sum was at the last report. Bounded by the tables above.
  const reported = new Map<string, number>()

  /** What was added to a sum since it was last asked for. */
  function added(name: string, sum: number): number {
    const before = reported.get(name) ?? 0
    reported.set(name, sum)
    return sum - before
  }

  return {
    listen(event) {
      if (event.kind === 'registration')
        agent.recordCustomEvent(registrationEvent, describe(event, withAddresses))
    },
    async report() {
      const sum = await readSums(metrics)
      for (const [name, figure] of Object.entries(levels)) {
        const level = sum(figure)
        if (level !== undefined) agent.recordMetric(name, level)
      }
      for (const [name, { of, ...labels }] of Object.entries(counts)) {
        const count = added(name, sum(of, labels) ?? 0)
        if (count > 0) agent.incrementMetric(name, count)
      }
      for (const [name, figure] of Object.entries(means)) {
        const count = added(`${name} count`, sum(`${figure}_count`) ?? 0)
        const total = added(`${name} total`, sum(`${figure}_sum`) ?? 0)
        const mean = total / count
        // A histogram does not know its single values.
        if (count > 0)
          agent.recordMetric(name, { count, total, min: mean, max: mean, sumOfSquares: count * mean ** 2 })
      }
    },
  }
}

/** A function that adds up the values of a figure that have these labels; undefined where there is none. */
async function readSums({ registry }: Metrics) {
  const figures = await registry.getMetricsAsJSON()
  const values = figures.flatMap((figure) =>
    figure.values.map((value) => {
      const { metricName = figure.name } = value as typeof value & { metricName?: string }
      return { ...value, name: metricName }
    }),
  )
  return (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined => {
    const meant = values.filter(
      (value) =>
        value.name === name && Object.entries(labels).every(([label, is]) => value.labels[label] === is),
    )
    return meant.length > 0 ? meant.reduce((sum, { value }) => sum + value, 0) : undefined
  }
}

function describe(
  { host, type, outcome, cause, ms, userAgent, address }: Registration,
  withAddresses: boolean,
): Record<string, string | number> {
  return {
    host,
    family: familyOf(type),
    outcome,
    ...(cause !== undefined && { cause }),
    milliseconds: ms,
    client: firstWord(userAgent),
    ...(withAddresses && address !== undefined && { address }),
  }
}

/**
 * What a client calls itself, such as `ddclient`; `other` where that is no plain word: there are those that put a token
 * there.
 */
function firstWord(userAgent: string): string {
  const [, word] = /^([A-Za-z][A-Za-z!_-]{0,29})(?=[/ ]|$)/.exec(userAgent) ?? []
  return word ?? 'other'
}
