import { type ChildProcess, execFile } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Contender, ContenderProcess } from './contender.js'
import { type HerdEmulators, startHerdEmulators } from './emulators.js'
import { type HerdHost, herdHosts } from './hosts.js'
import { isSuccess, type ModemAnswer, runModem } from './modem.js'
import { watchZone } from './zone-watch.js'

/** A run is stopped after this, however far it came. */
export const limitMs = 5 * 60_000
/** By then the buckets are full again after the first registration. */
const restMs = 2000
/** On a loaded machine several processes take their time to start and to join a PostgreSQL. */
const warmUpMs = 35_000
/** Lines of its log that are shown of a process that ended. */
const lastLines = 5

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
  /** Processes of the server that ended by themselves: how, when, and what they said last. */
  readonly ended: readonly string[]
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
    return await withServer(contender, emulators, async (nextPort, processes, ended) => {
      await warmUp(nextPort, first)
      emulators.log.clear()
      const outcome = await stampede(nextPort, { hosts, denied }, emulators)
      const { reads, writes, throttled } = emulators.log.statistics()
      const memories = await Promise.all(processes.map(({ child }) => residentBytes(child)))
      const memoryBytes = memories.reduce((sum, bytes) => sum + bytes, 0)
      const calls = { reads, writes, throttled }
      const { name: server } = contender
      return {
        server,
        hosts: count,
        denied: denied.length,
        ...outcome,
        calls,
        memoryBytes,
        ended: [...ended],
      }
    })
  } finally {
    await emulators.close()
  }
}

/** Uses a new server, which does not outlive this or the process; `ended` has those of its processes that ended by themselves. */
async function withServer<T>(
  contender: Contender,
  { environment, zone }: HerdEmulators,
  use: (
    nextPort: () => number,
    processes: readonly ContenderProcess[],
    ended: readonly string[],
  ) => Promise<T>,
): Promise<T> {
  const { processes, ports } = contender.start(environment, zone.id)
  const ended: string[] = []
  const unwatch = processes.map((one) => watchEnd(one, (how) => ended.push(how)))
  const kill = () => {
    for (const stop of unwatch) stop()
    for (const { child } of processes) child.kill('SIGKILL')
  }
  process.once('exit', kill)
  try {
    const started = await ports
    let calls = 0
    // In their turn, as behind a router that spreads its calls.
    return await use(() => started[calls++ % started.length] as number, processes, ended)
  } catch (error) {
    if (ended.length === 0) throw error
    throw new Error(`${error instanceof Error ? error.message : error}\n${ended.join('\n')}`)
  } finally {
    process.off('exit', kill)
    kill()
  }
}

/** Says at once, and to `tell`, how a process ends, until what it returns is called. */
function watchEnd({ child, printed }: ContenderProcess, tell: (how: string) => void): () => void {
  const startedMs = performance.now()
  const onExit = (status: number | null, signal: NodeJS.Signals | null) => {
    const how = signal ? `by ${signal}` : `with status ${status}`
    const after = `${((performance.now() - startedMs) / 1000).toFixed(1)} s after its start`
    // What went wrong is said last, or on standard error, where nothing is JSON.
    const lines = printed().trimEnd().split('\n')
    const said = [...lines.filter((line) => line && !line.startsWith('{')), ...lines.slice(-lastLines)]
    const what = `process ${child.pid} of the server ended ${how}, ${after}; it said last:\n${said.join('\n')}`
    process.stderr.write(`herd: ${what}\n`)
    tell(what)
  }
  child.once('close', onExit)
  return () => void child.off('close', onExit)
}

/** Registers a host, so that the server knows its zones, and lets the buckets fill up again. */
async function warmUp(nextPort: () => number, host: HerdHost): Promise<void> {
  let heard = ''
  await runModem(nextPort, host, AbortSignal.timeout(warmUpMs), ({ text }) => {
    heard = text
  })
  if (!isSuccess(heard))
    throw new Error(`the server answered "${heard}" to its first host within ${warmUpMs / 1000} s`)
  await sleep(restMs)
}

type Outcome = Omit<RunResult, 'server' | 'hosts' | 'denied' | 'calls' | 'memoryBytes' | 'ended'>

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

/** 0 for one that has ended. */
async function residentBytes({ pid, exitCode, signalCode }: ChildProcess): Promise<number> {
  if (exitCode !== null || signalCode !== null) return 0
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout) * 1024
}
