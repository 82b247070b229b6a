import type { RecordChange, Zone } from '../route53/api.js'
import { faultOf, isInvalidChangeBatch } from '../route53/errors.js'
import { spend } from '../route53/rate-limit.js'
import { type Account, describeFault } from './account.js'
import { CommandError } from './context.js'

/** Whether a policy lets the holder of the key write address records as the service does, by CREATE and DELETE. */
export type WritePermission =
  | { readonly kind: 'allowed' }
  /** `ipv4Only`: A records may be written, and AAAA records may not. */
  | { readonly kind: 'denied'; readonly ipv4Only: boolean }
  /** It could not be asked; `reason` is for a person. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** This many names go into one batch: 600 changes of the 1,000 that Route 53 takes. */
const maxNames = 100

/**
 * Asks whether the key may write at all of these names of a zone, and changes nothing: each batch contradicts itself, so
 * that Route 53 refuses it whatever the zone holds. The policy is judged before the batch: AccessDenied means no, and
 * InvalidChangeBatch yes. The emulator does so. That AWS keeps to this order too was not tried: were the batch judged
 * first, every key would seem to be allowed.
 */
export async function probeWrite(
  account: Account,
  zone: Zone,
  names: readonly string[],
): Promise<WritePermission> {
  for (let start = 0; start < names.length; start += maxNames) {
    const some = names.slice(start, start + maxNames)
    const both = await probe(account, zone, some, ['A', 'AAAA'])
    if (both.kind === 'unknown') return both
    if (both.kind === 'denied') {
      return { kind: 'denied', ipv4Only: (await probe(account, zone, some, ['A'])).kind === 'allowed' }
    }
  }
  return { kind: 'allowed' }
}

/** What its policy must have for it. */
export const neededGrant =
  'its policy must allow CREATE and DELETE of A and AAAA records there, and no longer UPSERT: dyndns53 iam-policy prints it'

async function probe(
  { route53, requests }: Account,
  zone: Zone,
  names: readonly string[],
  types: readonly AddressType[],
): Promise<WritePermission> {
  const changes = names.flatMap((name) => types.flatMap((type) => contradiction(name, type)))
  try {
    await spend(requests, 1, () => route53.change(zone.id, changes))
  } catch (error) {
    if (isInvalidChangeBatch(error)) return { kind: 'allowed' }
    const { kind } = faultOf(error)
    if (kind === 'denied') return { kind, ipv4Only: false }
    const reason =
      kind === 'busy'
        ? 'another change of the zone is in flight: try again in a minute'
        : describeFault(error, 'route53:ChangeResourceRecordSets')
    return { kind: 'unknown', reason }
  }
  throw new CommandError(
    `what answers as Route 53 has accepted a batch that contradicts itself, which AWS never does: look at ${names[0]} in the zone ${zone.id}`,
  )
}

type AddressType = keyof typeof addresses

const addresses = {
  A: ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
  AAAA: ['2001:db8::1', '2001:db8::2', '2001:db8::3'],
} as const

/**
 * CREATE twice and then DELETE of a third address: no batch may change one record set like that; and judged one by one,
 * in whatever order, the second CREATE finds the first one, as no DELETE has its address.
 */
function contradiction(name: string, type: AddressType): RecordChange[] {
  return addresses[type].map((address, index) => ({
    action: index === 2 ? 'DELETE' : 'CREATE',
    name,
    type,
    ttlSeconds: 60,
    values: [address],
  }))
}
