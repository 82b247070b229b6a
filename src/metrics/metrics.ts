import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type {
  DatabaseLoaded,
  DatabaseUnreadable,
  Publish,
  Registration,
  Route53Called,
  ServiceEvent,
} from '../events.js'

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
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const countRegistration = createRegistrationCounter(registers)
  const countCall = createCallCounter(registers)
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
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
  const noteDatabase = createDatabaseFigures(sources, registers)
  gaugeOf('dyndns53_records_waiting', 'Records that wait to be written', sources.recordsWaiting, registers)

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
  collectDefaultMetrics({ register: registry })
}

type Registers = Registry[]

function createRegistrationCounter(registers: Registers): (event: Registration) => void {
  const total = new Counter({
    name: 'dyndns53_registrations_total',
    help: 'Records that calls with a right login asked for, by what became of them',
    labelNames: ['outcome', 'cause', 'family'],
    registers,
  })
  const duration = new Histogram({
    name: 'dyndns53_registration_duration_seconds',
    help: 'How long callers waited for what became of a record',
    labelNames: ['outcome'],
    buckets: seconds,
    registers,
  })
  // What has never been counted has no rate.
  for (const outcome of ['good', 'nochg'])
    for (const family of ['ipv4', 'ipv6']) total.inc({ outcome, cause: none, family }, 0)
  return ({ outcome, cause = none, type, ms }) => {
    total.inc({ outcome, cause, family: familyOf(type) })
    duration.observe({ outcome }, ms / 1000)
  }
}

/** The address family of a record, `ipv4` or `ipv6`; `none` where a request named no address. */
export function familyOf(type: Registration['type']): string {
  if (type === undefined) return none
  return type === 'A' ? 'ipv4' : 'ipv6'
}

function createCallCounter(registers: Registers): (event: Route53Called) => void {
  const total = new Counter({
    name: 'dyndns53_route53_calls_total',
    help: 'Calls to Route 53 that have ended, by how they failed',
    labelNames: ['operation', 'fault'],
    registers,
  })
  const duration = new Histogram({
    name: 'dyndns53_route53_call_duration_seconds',
    help: 'How long calls to Route 53 took, without the wait for the quota',
    labelNames: ['operation'],
    buckets: seconds,
    registers,
  })
  const batches = new Histogram({
    name: 'dyndns53_route53_batch_changes',
    help: 'Changes in a batch that was sent; a new address takes two, a first one takes one',
    buckets: batchSizes,
    registers,
  })
  for (const operation of ['list-zones', 'get-zone', 'list-record-sets', 'change'])
    for (const fault of [none, 'throttled', 'denied', 'credentials']) total.inc({ operation, fault }, 0)
  return ({ operation, fault = none, ms, changes }) => {
    total.inc({ operation, fault })
    duration.observe({ operation }, ms / 1000)
    if (operation === 'change') batches.observe(changes)
  }
}

function createDatabaseFigures(
  { databaseAgeSeconds }: MetricsSources,
  registers: Registers,
): (event: DatabaseLoaded | DatabaseUnreadable) => void {
  const age = 'Seconds since S3 last said that the host database in use is the newest'
  gaugeOf('dyndns53_host_database_age_seconds', age, databaseAgeSeconds, registers)
  const hosts = new Gauge({
    name: 'dyndns53_host_database_hosts',
    help: 'Hosts in the database',
    registers,
  })
  const badLines = new Gauge({
    name: 'dyndns53_host_database_bad_lines',
    help: 'Lines of the host database that are left out',
    registers,
  })
  const failures = new Counter({
    name: 'dyndns53_host_database_failures_total',
    help: 'Times that the host database could not be read, or had no valid line',
    registers,
  })
  return (event) => {
    if (event.kind === 'database-unreadable') {
      failures.inc()
      return
    }
    hosts.set(event.hosts)
    badLines.set(event.problems.length)
  }
}

/** A figure that is looked up when somebody asks; while it is undefined it is not shown. */
function gaugeOf(name: string, help: string, read: () => number | undefined, registers: Registers): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      const value = read()
      if (value === undefined) this.remove()
      else this.set(value)
    },
  })
}
