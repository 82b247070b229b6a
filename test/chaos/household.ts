import { setTimeout as sleep } from 'node:timers/promises'
import { basic, type Login } from '../support/request.js'
import type { Random } from './random.js'

/** What all households have in common. */
export interface Town {
  /** The addresses of the servers that may be asked now; some may be dead. */
  readonly urls: () => readonly string[]
  /** The address that Route 53 holds for a host. */
  readonly held: (host: Login) => string | undefined
  /** Whether PostgreSQL was there for all servers since this moment, so that "later" is a promise. */
  readonly isDurableSince: (sinceMs: number) => boolean
  readonly isOver: () => boolean
  /** Something was said that is not so. */
  readonly untrue: (what: string) => void
  readonly count: (answer: string) => void
}

/** A host, and what it may expect to find in Route 53 in the end. */
export interface Household {
  readonly host: Login
  /** One of these. */
  readonly expected: ReadonlySet<string>
  /** Resolves when the town is over. */
  readonly over: Promise<void>
}

/** Longer than a server takes to say 911. */
const patienceMs = 25_000

/** A client that calls now and then, goes from one server to another, and after 911 comes back with the same address. */
export function startHousehold(host: Login, index: number, random: Random, town: Town): Household {
  let expected = new Set<string>()
  let addresses = 0
  const newAddress = () => `198.${18 + (index >> 8)}.${index & 255}.${1 + (addresses++ % 250)}`
  let last = newAddress()
  let before = last

  async function live(): Promise<void> {
    await sleep(random.between(0, 2000))
    while (!town.isOver()) {
      const wish = random.next()
      await want(wish < 0.4 ? newAddress() : wish < 0.8 ? last : before)
      await sleep(random.between(300, 3000))
    }
  }

  async function want(address: string): Promise<void> {
    if (address !== last) before = last
    last = address
    while (!town.isOver()) {
      const askedMs = performance.now()
      const text = await call(random.pick(town.urls()), host, address)
      town.count(text.split(' ')[0] ?? '')
      if (text === `good ${address}` || text === `nochg ${address}`) {
        const held = town.held(host)
        if (held !== address) town.untrue(`${host.user} heard "${text}", but Route 53 holds ${held}`)
        expected = new Set([address])
        return
      }
      if (!/^(911|none)/.test(text)) town.untrue(`${host.user} asked for ${address} and heard "${text}"`)
      // Nobody knows what became of a call without an answer; "later" holds where it could be written down.
      const isPromise = text === '911' && town.isDurableSince(askedMs)
      expected = isPromise ? new Set([address]) : new Set([...expected, address])
      await sleep(random.between(200, 1500))
      if (random.next() < 0.15) return
    }
  }

  return {
    host,
    get expected() {
      return expected
    },
    over: live(),
  }
}

/** The body of the answer; `none` where there is none. */
async function call(url: string, host: Login, address: string): Promise<string> {
  try {
    const headers = { authorization: basic(host), 'x-forwarded-for': address }
    const answer = await fetch(`${url}/register_ip`, { headers, signal: AbortSignal.timeout(patienceMs) })
    return await answer.text()
  } catch {
    return 'none'
  }
}
