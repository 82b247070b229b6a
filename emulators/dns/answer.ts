import type { Answer } from 'dns-packet'
import { negativeSoa, toAnswers } from './records.js'
import { canonicalName, type DnsZone, setsAt, zoneOf } from './zone.js'

/** Response codes of RFC 1035 section 4.1.1. */
export const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const

/**
 * What a question is answered with; `authorities` holds the zone's SOA when the answer is negative (RFC
 * 2308).
 */
export interface Outcome {
  rcode: number
  authoritative: boolean
  answers: Answer[]
  authorities: Answer[]
}

/**
 * Answers one question of class IN by RFC 1034 section 4.3.2: exact name, wildcard, CNAME (followed while it
 * stays in these zones and leads to a new name), and else NODATA or NXDOMAIN. A name outside every zone is
 * refused. Delegations are not followed: NS sets below the apex are answered as data. Throws for a value that
 * its type does not allow.
 */
export function answerQuestion(zones: Iterable<DnsZone>, name: string, type: string): Outcome {
  const answers: Answer[] = []
  const seen = new Set<string>()
  let owner = name
  while (!seen.has(canonicalName(owner))) {
    const canonical = canonicalName(owner)
    seen.add(canonical)
    const zone = zoneOf(zones, canonical)
    if (!zone) break
    const sets = setsAt(zone, canonical)
    const matching = sets?.filter((set) => set.type === type || type === 'ANY') ?? []
    const found = matching.flatMap((set) => toAnswers(owner, set))
    if (found.length > 0) return outcome(RCODE.NOERROR, [...answers, ...found])

    const cname = sets?.find((set) => set.type === 'CNAME')
    const target = cname?.values[0]
    if (!cname || target === undefined) {
      const rcode = sets ? RCODE.NOERROR : RCODE.NXDOMAIN
      return outcome(rcode, answers, negativeSoa(zone.name, zone.recordSets))
    }
    answers.push(...toAnswers(owner, cname))
    owner = target
  }
  if (answers.length > 0) return outcome(RCODE.NOERROR, answers)
  return failure(RCODE.REFUSED)
}

/** An outcome that is this response code and nothing else. */
export function failure(rcode: number): Outcome {
  return { rcode, authoritative: false, answers: [], authorities: [] }
}

function outcome(rcode: number, answers: Answer[], authorities: Answer[] = []): Outcome {
  return { rcode, authoritative: true, answers, authorities }
}
