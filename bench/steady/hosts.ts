/** The hosted zone that the hosts live in. */
export const zoneName = 'example.net'

/** Every host calls once in this time. */
export const periodMs = 5 * 60_000

/** A host, the address that it has, and when in each period it calls. */
export interface SteadyHost {
  readonly name: string
  readonly token: string
  address: string
  readonly callsAtMs: number
}

/** `count` hosts that call evenly spread over the period, in no order of their names. */
export function steadyHosts(count: number): SteadyHost[] {
  // A step that has no divisor in common with the count visits each host once.
  const step = count % 7919 === 0 ? 7907 : 7919
  return Array.from({ length: count }, (_, index) => ({
    name: `h${index}.${zoneName}`,
    token: `token-of-h${index}`,
    address: addressOf(index, 0),
    callsAtMs: (((index * step) % count) / count) * periodMs,
  }))
}

/** The address of a host after `changes` changes. */
export function addressOf(index: number, changes: number): string {
  return `${10 + changes}.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
}

/** Those that call in a period from `fromMs` up to `toMs`; the hosts in the order of their calls. */
export function dueBetween(sorted: readonly SteadyHost[], fromMs: number, toMs: number): SteadyHost[] {
  const due: SteadyHost[] = []
  for (let index = firstFrom(sorted, fromMs); index < sorted.length; index++) {
    const host = sorted[index] as SteadyHost
    if (host.callsAtMs >= toMs) break
    due.push(host)
  }
  return due
}

function firstFrom(sorted: readonly SteadyHost[], fromMs: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.callsAtMs ?? 0) < fromMs) low = middle + 1
    else high = middle
  }
  return low
}
