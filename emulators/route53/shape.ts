import { invalidInput } from './errors.js'
import type { Change } from './records.js'

const types = 'A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT'.split(' ')

/**
 * Throws InvalidInput when a change is malformed in itself, whatever the zone holds (API reference,
 * ResourceRecordSet; the words are those of the real service as quoted in bug reports).
 */
export function checkShape(changes: readonly Change[]): void {
  if (changes.length === 0) {
    throw constraint('[]', 'changeBatch.changes', 'Member must have length greater than or equal to 1')
  }
  changes.forEach((change, index) => {
    checkType(change, index)
    checkTtl(change, index)
    checkContent(change)
    checkRouting(change)
  })
}

function constraint(value: unknown, path: string, rule: string): Error {
  return invalidInput(
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: ${rule}`,
  )
}

function checkType({ recordSet: { type } }: Change, index: number): void {
  if (types.includes(type)) return
  const path = `changeBatch.changes.${index + 1}.member.resourceRecordSet.type`
  throw constraint(type, path, `Member must satisfy enum value set: [${types.join(', ')}]`)
}

function checkTtl({ recordSet: { ttl } }: Change, index: number): void {
  const path = `changeBatch.changes.${index + 1}.member.resourceRecordSet.tTL`
  if (ttl === undefined) return
  if (ttl < 0) throw constraint(ttl, path, 'Member must have value greater than or equal to 0')
  if (ttl > 2_147_483_647) {
    throw constraint(ttl, path, 'Member must have value less than or equal to 2147483647')
  }
}

function checkContent(change: Change): void {
  const { ttl, values, aliasTarget } = change.recordSet
  const isRecord = ttl !== undefined && values.length > 0
  if (aliasTarget ? ttl === undefined && values.length === 0 : isRecord) return
  throw expectedExactlyOne(
    'AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId',
    aliasTarget ? 'more than one' : 'none',
    change,
  )
}

function checkRouting(change: Change): void {
  const { setIdentifier, weight, region, multiValueAnswer } = change.recordSet
  const policies = [weight, region, multiValueAnswer].filter((policy) => policy !== undefined).length
  if (setIdentifier === undefined) {
    if (policies === 0) return
    throw invalidInput(`Invalid request: Missing field 'SetIdentifier' in ${describe(change)}`)
  }
  if (policies === 1) return
  throw expectedExactlyOne(
    'Weight, Region, Failover, GeoLocation, or MultiValueAnswer',
    policies === 0 ? 'none' : 'more than one',
    change,
  )
}

function expectedExactlyOne(fields: string, found: string, change: Change): Error {
  return invalidInput(
    `Invalid request: Expected exactly one of [${fields}], but found ${found} in ${describe(change)}`,
  )
}

function describe({ action, recordSet: { name, type, setIdentifier } }: Change): string {
  return `Change with [Action=${action}, Name=${name}, Type=${type}, SetIdentifier=${setIdentifier ?? null}]`
}
