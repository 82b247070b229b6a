import { createHash } from 'node:crypto'

/** The hosted zone that the herd lives in. */
export const zoneName = 'example.net'

/** A host whose address changes. */
export interface HerdHost {
  readonly name: string
  readonly token: string
  /** What the zone holds before. */
  readonly oldAddress: string
  readonly newAddress: string
}

/**
 * `count` hosts with names in no order, as modems do not call in the order of the zone's list. The addresses are of
 * RFC 2544's range for benchmarks.
 */
export function herdHosts(count: number): HerdHost[] {
  return Array.from({ length: count }, (_, index) => {
    const digest = createHash('sha256').update(String(index)).digest('hex')
    const place = `${index >> 8}.${index & 255}`
    return {
      name: `m${digest.slice(0, 12)}.${zoneName}`,
      token: digest.slice(12, 44),
      oldAddress: `198.18.${place}`,
      newAddress: `198.19.${place}`,
    }
  })
}
