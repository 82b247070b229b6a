import type { ZoneHosts } from '../account.js'
import { type Grant, grantsFor } from './grants.js'

/** What the holder of a policy shall be able to do. */
export interface PolicyRequest {
  /** The first part of an ARN behind `arn:`. */
  readonly partition: string
  readonly bucket: string
  readonly key: string
  /** Hosted zones that the service asks for by id; empty where it lists all. */
  readonly zoneIds: readonly string[]
  /** Every host that lies in a zone; at least one. */
  readonly hosts: readonly ZoneHosts[]
  /** Whether records may be deleted, as `offline=YES` asks for. */
  readonly offline: boolean
  /** Whether the host database may be replaced. */
  readonly admin: boolean
}

/** An IAM policy, as JSON has it. */
export interface Policy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Statement[]
}

interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: OneOrMore
  readonly Resource: OneOrMore
  readonly Condition?: Condition
}

/** Operators, their condition keys, and what these are compared with. */
type Condition = Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>

type OneOrMore = string | readonly string[]

/** The most characters that IAM takes, white space not counted: in all inline policies of a user, and in a managed policy. */
export const maxSize = { inline: 2048, managed: 6144 } as const

/** The policy that allows no more than it must and still fits; undefined where not even the widest one fits. */
export function smallestPolicy(
  request: PolicyRequest,
): { policy: Policy; grants: readonly Grant[] } | undefined {
  for (const grants of grantsFor(request.hosts, maxSize.managed)) {
    const policy = createPolicy(request, grants)
    if (sizeOf(policy) <= maxSize.managed) return { policy, grants }
  }
  return undefined
}

/** What IAM counts of a policy, or a little more: blanks inside a string too. */
export function sizeOf(policy: Policy): number {
  return JSON.stringify(policy).length
}

function createPolicy(request: PolicyRequest, grants: readonly Grant[]): Policy {
  const { partition, bucket, key, zoneIds, hosts, admin } = request
  const zoneArns = (ids: readonly string[]) => {
    return oneOrMore([...new Set(ids)].map((id) => `arn:${partition}:route53:::hostedzone/${id}`))
  }
  const object = `arn:${partition}:s3:::${bucket}/${literal(key)}`
  return {
    Version: '2012-10-17',
    Statement: [
      zoneIds.length > 0
        ? allow('FindZones', 'route53:GetHostedZone', zoneArns(zoneIds))
        : allow('FindZones', 'route53:ListHostedZones', '*'),
      allow('ReadRecords', 'route53:ListResourceRecordSets', zoneArns(hosts.map(({ zone }) => zone.id))),
      ...grants.map((grant, index) => ({
        ...allow(
          grants.length === 1 ? 'WriteAddresses' : `WriteAddresses${index + 1}`,
          'route53:ChangeResourceRecordSets',
          zoneArns(grant.zones.map(({ id }) => id)),
        ),
        Condition: condition(grant, request.offline),
      })),
      admin
        ? allow('EditDatabase', ['s3:GetObject', 's3:PutObject'], object)
        : allow('ReadDatabase', 's3:GetObject', object),
      // Without it S3 calls a missing object denied.
      allow('TellMissingFromDenied', 's3:ListBucket', `arn:${partition}:s3:::${bucket}`),
    ],
  }
}

function allow(sid: string, action: OneOrMore, resource: OneOrMore): Statement {
  return { Sid: sid, Effect: 'Allow', Action: action, Resource: resource }
}

function condition({ names, domains }: Grant, offline: boolean): Condition {
  const what = {
    'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA'],
    'route53:ChangeResourceRecordSetsActions': offline ? ['UPSERT', 'DELETE'] : ['UPSERT'],
  }
  const patterns = domains.map((domain) => `*.${domain}`)
  // As Route 53 writes the name of a wildcard record. To StringLike a `*` would be one of its own.
  const literals = names.map((name) => name.replace('*', '\\052'))
  const where = {
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': oneOrMore([...patterns, ...literals]),
  }
  return domains.length > 0
    ? { 'ForAllValues:StringEquals': what, 'ForAllValues:StringLike': where }
    : { 'ForAllValues:StringEquals': { ...what, ...where } }
}

function oneOrMore(list: readonly string[]): OneOrMore {
  const [first, ...more] = list
  return first !== undefined && more.length === 0 ? first : list
}

/** A part of an ARN that means only itself. */
function literal(text: string): string {
  return text.replace(/[*?$]/g, (character) => `\${${character}}`)
}
