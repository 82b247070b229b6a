import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmulators } from '../../emulators/emulators.js'
import type { CallLog } from '../../emulators/route53/calls.js'
import { documentedQuotas } from '../../emulators/route53/quotas.js'
import type { Zone } from '../../emulators/route53/zone.js'
import { quantile } from '../statistics.js'
import { addressOf, dueBetween, periodMs, type SteadyHost, steadyHosts, zoneName } from './hosts.js'
import { isOneSweep, recheckMs, roundStarts } from './rounds.js'
import { type Servers, startServers } from './servers.js'

/** What is measured. */
export interface Plan {
  readonly hosts: number
  readonly warmSeconds: number
  readonly seconds: number
  /** Above 1 they share a PostgreSQL, and are called in turn. */
  readonly processes: number
}

/** What came of it, for a person, and the targets that it is judged by. */
export interface Report {
  readonly rows: readonly (readonly [what: string, figure: string])[]
  readonly targets: readonly { readonly text: string; readonly isMet: boolean }[]
}

const tickMs = 20
/** The share of the hosts whose address changes in an hour, and of those that change at the same instant in the end. */
const changedPerHour = 0.01
const townShare = 0.02
/** Records that another hand changes, each at least this long before its host's next call. */
const editedCount = 20
const editedBeforeMs = 120_000

/** Measures the built server before emulators with Amazon's quota and 100 ms for each call. */
export async function runSteady(plan: Plan): Promise<Report> {
  const hosts = steadyHosts(plan.hosts)
  const emulators = await startEmulators({
    csv: hosts.map(({ name, token }) => `${name},${token}\n`).join(''),
    route53: { latencyMs: 100, quotas: documentedQuotas },
  })
  const records = hosts.map(({ name, address }) => ({ name, type: 'A', ttl: 60, values: [address] }))
  const zone = emulators.route53.model.addZone({ name: zoneName, records })
  const servers = await startServers(plan.processes, {
    ...emulators.environment,
    DYNDNS_TRUST_PROXY: '1',
    DYNDNS_ALLOW_PRIVATE: 'true',
    DYNDNS_REQUESTS_PER_SECOND: '10',
    DYNDNS_CHANGES_PER_SECOND: '100',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  })
  try {
    return await measure(plan, hosts, zone, emulators.route53.model.log, servers)
  } finally {
    await servers.close()
    await emulators.close()
  }
}

/** The demand for reads that begins a sweep, and a margin: half of the quota. */
const sweptFrom = (1.2 * documentedQuotas.requests.perSecond) / 2

async function measure(
  plan: Plan,
  hosts: readonly SteadyHost[],
  zone: Zone,
  log: CallLog,
  servers: Servers,
): Promise<Report> {
  const client = createClient(servers.ports)
  const sorted = [...hosts].sort((a, b) => a.callsAtMs - b.callsAtMs)
  const traffic = startTraffic(sorted, client)
  await sleep(plan.warmSeconds * 1000)
  const cold = client.takeCalls()

  log.clear()
  const startedMs = performance.now()
  const withEdits = plan.seconds >= 200
  const edited = withEdits ? editRecords(sorted, zone, traffic.phaseMs()) : []
  const healedMs = whenRight(zone, edited)
  const changing = changeSome(hosts, plan.seconds)
  await sleep(plan.seconds * 1000)
  changing.stop()
  const calls = client.takeCalls().filter(({ isEdited }) => !isEdited)
  const readsPerSecond = log.statistics().reads / ((performance.now() - startedMs) / 1000)
  const rounds = roundStarts(log.calls)
  const isSwept = plan.hosts / (periodMs / 1000) >= sweptFrom && plan.seconds * 1000 > 2 * recheckMs
  const healed = withEdits
    ? await Promise.race([healedMs, sleep(1).then(() => Number.POSITIVE_INFINITY)])
    : undefined

  log.clear()
  const town = hosts.filter((_, index) => index % Math.round(1 / townShare) === 1)
  for (const host of town) host.address = addressOf(hosts.indexOf(host), 100)
  const townStartedMs = performance.now()
  const townRight = whenRight(zone, town)
  for (const host of town) void client.call(host)
  const townMs = ((await townRight) ?? townStartedMs) - townStartedMs
  traffic.stop()
  const memories = (await servers.readResidentBytes()).map((bytes) => Math.round(bytes / 2 ** 20))

  const unchanged = calls.filter(({ word }) => word === 'nochg').map(({ ms }) => ms)
  const changed = calls.filter(({ word }) => word === 'good').map(({ ms }) => ms)
  const turnedAway = calls.filter(({ word }) => word !== 'nochg' && word !== 'good').length
  const floorMs =
    Math.max(0, (2 * town.length - documentedQuotas.changes.burst) / documentedQuotas.changes.perSecond) *
    1000
  const limitMs = plan.hosts <= 5000 ? 250 : 500
  const p99 = quantile(unchanged, 0.99)
  return {
    rows: [
      ['Hosts', plan.hosts.toLocaleString('en')],
      ['Processes', plan.processes === 1 ? '1' : `${plan.processes}, with PostgreSQL`],
      [
        `First ${plan.warmSeconds} s, from a cold start: told 911`,
        `${cold.filter(({ word }) => word === '911').length} of ${cold.length}`,
      ],
      [
        'Unchanged calls once warm: p50, p99, longest',
        [0.5, 0.99, 1].map((q) => `${Math.round(quantile(unchanged, q))} ms`).join(', '),
      ],
      [
        'Changed addresses: p50, p99',
        changed.length === 0
          ? 'none'
          : [0.5, 0.99].map((q) => `${Math.round(quantile(changed, q))} ms`).join(', '),
      ],
      ['Told to come back', `${turnedAway} of ${calls.length}`],
      ['Pages read in a second', readsPerSecond.toFixed(1)],
      ['Rounds of a sweep begun meanwhile', `${rounds.length} in ${plan.seconds} s`],
      [
        'Records that another hand changed: all right after',
        healed === undefined ? 'not looked for' : `${Math.round((healed - startedMs) / 1000)} s`,
      ],
      [
        `A town of ${town.length.toLocaleString('en')} at once: right after`,
        `${(townMs / 1000).toFixed(1)} s; the quota's floor is ${(floorMs / 1000).toFixed(1)} s`,
      ],
      ['Memory', memories.map((memory) => `${memory} MiB`).join(', ')],
    ],
    targets: [
      { text: `99 % of the unchanged calls within ${limitMs} ms`, isMet: p99 <= limitMs },
      { text: 'nobody told to come back once warm', isMet: turnedAway === 0 },
      { text: 'at most 6 pages a second', isMet: readsPerSecond <= 6 },
      ...(isSwept
        ? [
            {
              text: 'one sweep: none of its rounds within the pause of another',
              isMet: rounds.length > 0 && isOneSweep(rounds),
            },
          ]
        : []),
      { text: 'the town right within 1.2 times the floor, and 3 s', isMet: townMs <= 1.2 * floorMs + 3000 },
      ...(healed === undefined
        ? []
        : [
            {
              text: 'what another hand did is right again within 180 s',
              isMet: healed - startedMs <= 180_000,
            },
          ]),
      ...(plan.hosts >= 100_000
        ? [{ text: 'memory below 350 MiB', isMet: Math.max(...memories) < 350 }]
        : []),
    ],
  }
}

interface CallResult {
  readonly word: string
  readonly ms: number
  readonly isEdited: boolean
}

interface Client {
  call(host: SteadyHost): Promise<void>
  /** The calls that were answered since the last time. */
  takeCalls(): CallResult[]
}

/** Hosts whose records another hand has changed. */
const editedNames = new Set<string>()

/** Calls over kept connections, each port in its turn, as a proxy in front would. */
function createClient(ports: readonly number[]): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 })
  const calls: CallResult[] = []
  let made = 0
  return {
    takeCalls: () => calls.splice(0),
    call({ name, token, address }) {
      const startedMs = performance.now()
      const port = ports[made++ % ports.length] as number
      const headers = {
        authorization: `Basic ${Buffer.from(`${name}:${token}`).toString('base64')}`,
        'x-forwarded-for': address,
      }
      return new Promise((resolve) => {
        const end = (word: string) => {
          calls.push({ word, ms: performance.now() - startedMs, isEdited: editedNames.has(name) })
          resolve()
        }
        get({ port, host: '127.0.0.1', path: '/register_ip', headers, agent }, (response) => {
          let body = ''
          response.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk
          })
          response.on('end', () => end(body.split(' ')[0] ?? ''))
        }).on('error', () => end('lost'))
      })
    },
  }
}

/** Lets every host call when it is its turn; `phaseMs` says where in the period the traffic is. */
function startTraffic(sorted: readonly SteadyHost[], client: Client) {
  const startedMs = performance.now()
  let doneMs = 0
  const timer = setInterval(() => {
    const untilMs = performance.now() - startedMs
    while (doneMs < untilMs) {
      const fromMs = doneMs % periodMs
      const toMs = Math.min(fromMs + (untilMs - doneMs), periodMs)
      for (const host of dueBetween(sorted, fromMs, toMs)) void client.call(host)
      doneMs += toMs - fromMs
    }
  }, tickMs)
  return {
    phaseMs: () => (performance.now() - startedMs) % periodMs,
    stop: () => clearInterval(timer),
  }
}

/** Now and then a host gets another address, as many as do in an hour. */
function changeSome(hosts: readonly SteadyHost[], seconds: number) {
  const count = Math.max(1, Math.round((hosts.length * changedPerHour * seconds) / 3600))
  let changed = 0
  const timer = setInterval(
    () => {
      const index = (changed * 104_729) % hosts.length
      const host = hosts[index]
      if (host && !editedNames.has(host.name)) host.address = addressOf(index, 1 + (changed % 50))
      changed++
    },
    (seconds * 1000) / count,
  )
  return { stop: () => clearInterval(timer) }
}

/** Another hand changes records whose hosts call within a minute after `editedBeforeMs`. */
function editRecords(sorted: readonly SteadyHost[], zone: Zone, phaseMs: number): SteadyHost[] {
  const fromMs = (phaseMs + editedBeforeMs) % periodMs
  const edited = dueBetween(sorted, fromMs, Math.min(fromMs + 45_000, periodMs)).slice(0, editedCount)
  for (const { name } of edited) {
    editedNames.add(name)
    zone.put({ name, type: 'A', ttl: 60, values: ['198.51.100.1'] })
  }
  return edited
}

/** The moment at which the zone holds the address of each of these; undefined where there are none. */
async function whenRight(zone: Zone, hosts: readonly SteadyHost[]): Promise<number | undefined> {
  if (hosts.length === 0) return undefined
  const isRight = ({ name, address }: SteadyHost) => zone.get(name, 'A')[0]?.values[0] === address
  let left = [...hosts]
  while (left.length > 0) {
    await sleep(50)
    left = left.filter((host) => !isRight(host))
  }
  return performance.now()
}
