import { createRequire } from 'node:module'
import type { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type {
  DatabaseLoaded,
  DatabaseUnreadable,
  Publish,
  Registration,
  Route53Called,
  ServiceEvent,
} from '../events.js'

// Where nobody looks at the figures, the start need not wait for it.
const require = createRequire(import.meta.url)
const loadPrometheus = (): typeof import('prom-client') => require('prom-client')

/** What the service knows at the moment when somebody asks. */
export interface MetricsSources {
  /** Records that wait with this process to be written. */
  readonly recordsWaiting: () => number
  /** Since S3 last said that the host database in use is the newest; undefined: none is loaded yet. */
  readonly databaseAgeSeconds: () => number | undefined
}

/** The figures of this process since its start, in one place for all who show them. */
export interface Metrics {
  /** Counts what happens. */
  readonly listen: Publish
  /** All figures, also to be read one by one. */
  readonly registry: Registry
}

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20]
const batchSizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

/** What has no cause, no fault or no family. */
const none = 'none'

/** Figures that are 0. No host name, address or token is a label, and what is one has few values. */
export function createMetrics({ recordsWaiting, databaseAgeSeconds }: MetricsSources): Metrics {
  const { Registry } = loadPrometheus()
  const registry = new Registry()
  const figures = createFigures(registry)
  const countRegistration = createRegistrationCounter(figures)
  const countCall = createCallCounter(figures)
  const { counter } = figures
  // What only the owner can mend is counted as the fault of its call.
  const counters: Partial<Record<ServiceEvent['kind'], Counter>> = {
    'record-written': counter(
      'dyndns53_records_written_total',
      'Records that this process has written to Route 53, challenges for certificates included',
    ),
    'record-given-up': counter(
      'dyndns53_records_given_up_total',
      'Records to which Route 53 could not be brought in time',
    ),
    'login-failed': counter('dyndns53_failed_logins_total', 'Logins that were refused and counted'),
    'locked-out': counter(
      'dyndns53_lockouts_total',
      'Times that an IPv4 address or an IPv6 /64 has failed too often',
    ),
  }
  const noteDatabase = createDatabaseNote(figures)
  const age = 'Seconds since S3 last said that the host database in use is the newest'
  figures.gauge('dyndns53_host_database_age_seconds', age, databaseAgeSeconds)
  figures.gauge('dyndns53_records_waiting', 'Records that wait to be written', recordsWaiting)

  function listen(event: ServiceEvent): void {
    if (event.kind === 'registration') countRegistration(event)
    else if (event.kind === 'route53-called') countCall(event)
    else if (event.kind === 'database-loaded' || event.kind === 'database-unreadable') noteDatabase(event)
    else counters[event.kind]?.inc()
  }
  return { listen, registry }
}

/** Adds what is known of the process itself: memory, processor, event loop, garbage collection. */
export function addProcessMetrics({ registry }: Metrics): void {
  loadPrometheus().collectDefaultMetrics({ register: registry })
}

/** The address family of a record, `ipv4` or `ipv6`; `none` where a request named no address. */
export function familyOf(type: Registration['type']): string {
  if (type === undefined) return none
  return type === 'A' ? 'ipv4' : 'ipv6'
}

/** Makes figures that one registry shows. */
interface Figures {
  counter<Label extends string>(name: string, help: string, labelNames?: readonly Label[]): Counter<Label>
  /** With `read` it is looked up when somebody asks, and not shown while that is undefined. */
  gauge(name: string, help: string, read?: () => number | undefined): Gauge
  histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames?: readonly Label[],
  ): Histogram<Label>
}

function createFigures(registry: Registry): Figures {
  const { Counter, Gauge, Histogram } = loadPrometheus()
  const registers = [registry]
  return {
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers }),
    gauge: (name, help, read) =>
      new Gauge({
        name,
        help,
        registers,
        ...(read && {
          collect() {
            const value = read()
            if (value === undefined) this.remove()
            else this.set(value)
          },
        }),
      }),
    histogram: (name, help, buckets, labelNames = []) =>
      new Histogram({ name, help, buckets, labelNames, registers }),
  }
}

function createRegistrationCounter({ counter, histogram }: Figures): (event: Registration) => void {
  const total = counter(
    'dyndns53_registrations_total',
    'Records that calls with a right login asked for, by what became of them',
    ['outcome', 'cause', 'family'],
  )
  const duration = histogram(
    'dyndns53_registration_duration_seconds',
    'How long callers waited for what became of a record',
    seconds,
    ['outcome'],
  )
  // What has never been counted has no rate.
  for (const outcome of ['good', 'nochg'])
    for (const family of ['ipv4', 'ipv6']) total.inc({ outcome, cause: none, family }, 0)
  return ({ outcome, cause = none, type, ms }) => {
    total.inc({ outcome, cause, family: familyOf(type) })
    duration.observe({ outcome }, ms / 1000)
  }
}

function createCallCounter({ counter, histogram }: Figures): (event: Route53Called) => void {
  const total = counter(
    'dyndns53_route53_calls_total',
    'Calls to Route 53 that have ended, by how they failed',
    ['operation', 'fault'],
  )
  const duration = histogram(
    'dyndns53_route53_call_duration_seconds',
    'How long calls to Route 53 took, without the wait for the quota',
    seconds,
    ['operation'],
  )
  const batches = histogram(
    'dyndns53_route53_batch_changes',
    'Changes in a batch that was sent; a new address takes two, a first one takes one',
    batchSizes,
  )
  for (const operation of ['list-zones', 'get-zone', 'list-record-sets', 'change'])
    for (const fault of [none, 'throttled', 'denied', 'credentials']) total.inc({ operation, fault }, 0)
  return ({ operation, fault = none, ms, changes }) => {
    total.inc({ operation, fault })
    duration.observe({ operation }, ms / 1000)
    if (operation === 'change') batches.observe(changes)
  }
}

function createDatabaseNote({
  counter,
  gauge,
}: Figures): (event: DatabaseLoaded | DatabaseUnreadable) => void {
  const hosts = gauge('dyndns53_host_database_hosts', 'Hosts in the database')
  const badLines = gauge('dyndns53_host_database_bad_lines', 'Lines of the host database that are left out')
  const failures = counter(
    'dyndns53_host_database_failures_total',
    'Times that the host database could not be read, or had no valid line',
  )
  return (event) => {
    if (event.kind === 'database-unreadable') {
      failures.inc()
      return
    }
    hosts.set(event.hosts)
    badLines.set(event.problems.length)
  }
}
