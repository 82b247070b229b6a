import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import { authenticate, type HostDatabase, parseDatabase } from '../../src/hosts/database.js'
import { type FileHost, fileHost } from './csv-file.js'

// A process of its own for each measurement: node --expose-gc --import tsx measure.ts READER FILE HOSTS. Sends a
// Measurement to its parent.

/** Who reads the file. */
export type Reader = 'dyndns53' | 'csv-parse'

/** What reading it took. */
export interface Measurement {
  readonly loadMs: number
  /** What is kept once the file is read and its bytes are let go. */
  readonly keptBytes: number
  /** How much the process grew at the most, the file's bytes included. */
  readonly peakBytes: number
  /** Logins that one core checks in a second, by what is wrong with them; only where there is something to ask. */
  readonly lookups?: { readonly right: number; readonly wrongToken: number; readonly unknownHost: number }
}

const [reader, file = '', hosts] = process.argv.slice(2)
process.send?.(await measure(reader as Reader, file, Number(hosts)))

async function measure(who: Reader, path: string, count: number): Promise<Measurement> {
  // Both are warm, as a server is that looks at the file once a minute.
  const warmUp = Buffer.from('home.example.com,token\n'.repeat(2000))
  for (let round = 0; round < 5; round++) read(who, warmUp)
  const before = await settledMemory()
  const result = { ...load(who, path) }
  const peakBytes = process.resourceUsage().maxRSS * 1024 - before.rss
  const after = await settledMemory()
  const { loaded, loadMs } = result
  const lookups = 'size' in loaded ? countLookups(loaded, count) : undefined
  return { loadMs, keptBytes: after.used - before.used, peakBytes, ...(lookups && { lookups }) }
}

function load(who: Reader, path: string): { loaded: HostDatabase | string[][]; loadMs: number } {
  const bytes = readFileSync(path)
  const startedMs = performance.now()
  const loaded = read(who, bytes)
  return { loaded, loadMs: performance.now() - startedMs }
}

function read(who: Reader, bytes: Uint8Array): HostDatabase | string[][] {
  if (who === 'dyndns53') return parseDatabase(bytes).database
  return parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { trim: true })
}

async function settledMemory(): Promise<{ used: number; rss: number }> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.()
    await sleep(20)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { used: heapUsed + external, rss }
}

function countLookups(database: HostDatabase, count: number): NonNullable<Measurement['lookups']> {
  const hosts = Array.from({ length: 1000 }, (_, index) => fileHost(Math.floor((index * count) / 1000)))
  const strangers = Array.from({ length: 1000 }, (_, index) => fileHost(count + index))
  return {
    right: perSecond(database, hosts),
    wrongToken: perSecond(
      database,
      hosts.map(({ name }) => ({ name, token: 'A'.repeat(24) })),
    ),
    unknownHost: perSecond(database, strangers),
  }
}

function perSecond(database: HostDatabase, logins: readonly FileHost[]): number {
  let done = 0
  const startedMs = performance.now()
  while (performance.now() - startedMs < 1000) {
    for (const { name, token } of logins) authenticate(database, { hostname: name, token })
    done += logins.length
  }
  return (1000 * done) / (performance.now() - startedMs)
}
