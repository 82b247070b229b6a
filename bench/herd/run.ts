import { type ChildProcess, execFile } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Contender } from './contender.js'
import { type HerdEmulators, startHerdEmulators } from './emulators.js'
import { type HerdHost, herdHosts } from './hosts.js'
import { isSuccess, type ModemAnswer, runModem } from './modem.js'
import { watchZone } from './zone-watch.js'

/** A run is stopped after this, however far it came. */
export const limitMs = 5 * 60_000
/** By then the buckets are full again after the first registration. */
const restMs = 2000

/** What one run of one server showed; times count from the moment when all modems call. */
export interface RunResult {
  readonly server: string
  readonly hosts: number
  /** Hosts beside these that IAM denies; they call once. */
  readonly denied: number
  readonly goodAtFirstTry: number
  /** Modems that were told `good` or `nochg`, and when the last of all was; undefined: not within the limit. */
  readonly heard: number
  readonly allHeardMs: number | undefined
  /** Hosts whose record is right in the end, and when the last of all was; undefined: not within the limit. */
  readonly right: number
  readonly zoneRightMs: number | undefined
  readonly calls: { readonly reads: number; readonly writes: number; readonly throttled: number }
  /** Resident memory of all processes of the server in the end. */
  readonly memoryBytes: number
  /** Answers `good` or `nochg` that were not true when they were heard. */
  readonly untrue: number
}

/**
 * Lets `count` hosts change their address at the same instant, and `deniedCount` among them that IAM denies, before a new
 * server and new emulators.
 */
export async function runHerd(contender: Contender, count: number, deniedCount = 0): Promise<RunResult> {
  const [first, ...all] = herdHosts(count + deniedCount + 1)
  if (!first) throw new Error('a herd has at least one host')
  // Here and there: those of a policy for a domain would lie side by side, which is easier.
  const denied = all
    .filter((_, index) => (index + 1) % Math.floor(all.length / deniedCount) === 0)
    .slice(0, deniedCount)
  const hosts = all.filter((host) => !denied.includes(host))
  const emulators = await startHerdEmulators([first, ...all], denied)
  try {
    return await withServer(contender, emulators, async (nextPort, children) => {
      await warmUp(nextPort, first)
      emulators.log.clear()
      const outcome = await stampede(nextPort, { hosts, denied }, emulators)
      const { reads, writes, throttled } = emulators.log.statistics()
      const memories = await Promise.all(children.map(({ pid }) => residentBytes(pid)))
      const memoryBytes = memories.reduce((sum, bytes) => sum + bytes, 0)
      const calls = { reads, writes, throttled }
      return { server: contender.name, hosts: count, denied: denied.length, ...outcome, calls, memoryBytes }
    })
  } finally {
    await emulators.close()
  }
}

/** Uses a new server, which does not outlive this or the process. */
async function withServer<T>(
  contender: Contender,
  { environment, zone }: HerdEmulators,
  use: (nextPort: () => number, children: readonly ChildProcess[]) => Promise<T>,
): Promise<T> {
  const { children, ports } = contender.start(environment, zone.id)
  const kill = () => {
    for (const child of children) child.kill('SIGKILL')
  }
  process.once('exit', kill)
  try {
    const started = await ports
    let calls = 0
    // In their turn, as behind a router that spreads its calls.
    return await use(() => started[calls++ % started.length] as number, children)
  } finally {
    process.off('exit', kill)
    kill()
  }
}

/** Registers a host, so that the server knows its zones, and lets the buckets fill up again. */
async function warmUp(nextPort: () => number, host: HerdHost): Promise<void> {
  let heard = ''
  await runModem(nextPort, host, AbortSignal.timeout(10_000), ({ text }) => {
    heard = text
  })
  if (!isSuccess(heard)) throw new Error(`the server answered "${heard}" to its first host`)
  await sleep(restMs)
}

type Outcome = Omit<RunResult, 'server' | 'hosts' | 'denied' | 'calls' | 'memoryBytes'>

interface Herd {
  readonly hosts: readonly HerdHost[]
  readonly denied: readonly HerdHost[]
}

/** All modems at once, until every one is told that it is done and the zone is right, or the limit is reached. */
async function stampede(
  nextPort: () => number,
  { hosts, denied }: Herd,
  { zone }: HerdEmulators,
): Promise<Outcome> {
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  let goodAtFirstTry = 0
  let heard = 0
  let untrue = 0
  const startedMs = performance.now()
  const elapsedMs = () => performance.now() - startedMs
  const watch = watchZone(zone, hosts, stop.signal)
  const isDenied = new Set(denied)
  const onAnswer = ({ host, attempt, text }: ModemAnswer) => {
    if (!isSuccess(text)) return
    if (isDenied.has(host)) untrue += 1
    if (isDenied.has(host)) return
    heard += 1
    const word = text.split(' ', 1)[0]
    if (attempt === 1 && word === 'good') goodAtFirstTry += 1
    if (text !== `${word} ${host.newAddress}` || !watch.isRight(host)) untrue += 1
  }
  const enough = new AbortController()
  const untilEnough = AbortSignal.any([stop.signal, enough.signal])
  setMaxListeners(0, untilEnough)
  const deniedHeard = callAll(nextPort, denied, untilEnough, onAnswer)
  const allHeard = callAll(nextPort, hosts, stop.signal, onAnswer).then(elapsedMs)
  const zoneRight = watch.allRight.then(elapsedMs)
  const limit = setTimeout(() => stop.abort(), limitMs)
  const [heardMs, rightMs] = await Promise.all([allHeard, zoneRight])
  clearTimeout(limit)
  enough.abort()
  await deniedHeard
  const right = hosts.filter(watch.isRight).length
  return {
    goodAtFirstTry,
    heard,
    allHeardMs: heard === hosts.length ? heardMs : undefined,
    right,
    zoneRightMs: right === hosts.length ? rightMs : undefined,
    untrue,
  }
}

/** Starts all modems as fast as it can while the emulators, in this process too, are not held up. */
async function callAll(
  nextPort: () => number,
  hosts: readonly HerdHost[],
  signal: AbortSignal,
  onAnswer: (answer: ModemAnswer) => void,
): Promise<void> {
  const modems: Promise<void>[] = []
  for (const host of hosts) {
    modems.push(runModem(nextPort, host, signal, onAnswer))
    if (modems.length % 20 === 0) await setImmediate()
  }
  await Promise.all(modems)
}

async function residentBytes(pid = 0): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout) * 1024
}
