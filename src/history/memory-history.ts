import type { AddressChange, Call, CallGroup, History } from './history.js'

/** How much is kept; beyond, what is oldest goes. */
export interface HistoryLimits {
  /** Groups of calls that logged in, of those that did not, and changes: each this many for a host. */
  readonly perHost: number
  /** All of them, of all hosts; beyond, the host of which nothing was noted for the longest time is forgotten. */
  readonly inAll: number
}

/** Some 300 bytes each. */
const defaultLimits: HistoryLimits = { perHost: 15, inAll: 30_000 }

interface HostNotes {
  /** The latest last. Whoever guesses tokens does not push the others out. */
  readonly calls: CallGroup[]
  readonly refusals: CallGroup[]
  readonly changes: AddressChange[]
}

/** A history in memory, since the start of the process; `now` is the wall clock. */
export function createMemoryHistory(limits = defaultLimits, now: () => Date = () => new Date()): History {
  // Owned here, in the order in which the hosts were noted last; `kept` counts all that is in it, at most limits.inAll.
  const hosts = new Map<string, HostNotes>()
  let kept = 0

  function notesOf(host: string): HostNotes {
    const notes = hosts.get(host) ?? { calls: [], refusals: [], changes: [] }
    hosts.delete(host)
    hosts.set(host, notes)
    return notes
  }

  function keep<Item>(list: Item[], item: Item): void {
    kept++
    list.push(item)
    if (list.length > limits.perHost) {
      kept--
      list.shift()
    }
    for (const [oldest, { calls, refusals, changes }] of hosts) {
      if (kept <= limits.inAll) break
      kept -= calls.length + refusals.length + changes.length
      hosts.delete(oldest)
    }
  }

  return {
    since: now(),
    noteCall(host, call) {
      const notes = notesOf(host)
      const list = call.outcome === 'wrong-token' ? notes.refusals : notes.calls
      const latest = list.at(-1)
      const last = now()
      if (latest && isAlike(latest, call))
        list[list.length - 1] = { ...latest, last, times: latest.times + 1 }
      else keep(list, { ...call, times: 1, first: last, last })
    },
    noteChange(host, change) {
      keep(notesOf(host).changes, { ...change, at: now() })
    },
    async read(host) {
      const { calls, refusals, changes } = hosts.get(host) ?? { calls: [], refusals: [], changes: [] }
      return {
        calls: [...calls, ...refusals].sort((a, b) => b.last.getTime() - a.last.getTime()),
        changes: changes.toReversed(),
      }
    },
  }
}

function isAlike(group: CallGroup, call: Call): boolean {
  return (
    group.outcome === call.outcome &&
    group.wanted === call.wanted &&
    group.from === call.from &&
    group.path === call.path &&
    group.userAgent === call.userAgent &&
    group.reason === call.reason
  )
}
