import { challengePattern } from '../../certificates/challenge-name.js'
import type { Grant } from './grants.js'

/** What the holder of a policy shall be able to do. */
export interface PolicyRequest {
  /** The first part of an ARN behind `arn:`. */
  readonly partition: string
  readonly bucket: string
  readonly key: string
  /** Hosted zones that the service asks for by id; empty where it lists all. */
  readonly zoneIds: readonly string[]
  /** One for each zone; at least one. */
  readonly grants: readonly Grant[]
  /** The names of challenges that may be set, one for each zone; empty for no certificates. */
  readonly challenges: readonly Grant[]
  /** Whether the host database may be replaced, and its older versions be read. */
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

/** The policy that allows what is requested and no more. It may be longer than IAM takes: see `sizeOf`. */
export function createPolicy(request: PolicyRequest): Policy {
  const { partition, bucket, key, zoneIds, grants, challenges, admin } = request
  const zoneArn = (id: string) => `arn:${partition}:route53:::hostedzone/${id}`
  const zoneArns = (ids: readonly string[]) => oneOrMore([...new Set(ids)].map(zoneArn))
  const bucketArn = `arn:${partition}:s3:::${bucket}`
  const object = `${bucketArn}/${literal(key)}`
  return {
    Version: '2012-10-17',
    Statement: [
      zoneIds.length > 0
        ? allow('FindZones', 'route53:GetHostedZone', zoneArns(zoneIds))
        : allow('FindZones', 'route53:ListHostedZones', '*'),
      allow(
        'ReadRecords',
        'route53:ListResourceRecordSets',
        zoneArns([...grants, ...challenges].map(({ zone }) => zone.id)),
      ),
      ...writes('WriteAddresses', grants, ['A', 'AAAA'], zoneArn, (domain) => `*.${domain}`),
      // A statement of its own, so that a host has no TXT record and a challenge no address.
      ...writes('WriteChallenges', challenges, ['TXT'], zoneArn, challengePattern),
      admin
        ? allow('EditDatabase', ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], object)
        : allow('ReadDatabase', 's3:GetObject', object),
      // Without it S3 calls a missing object denied.
      allow('TellMissingFromDenied', 's3:ListBucket', bucketArn),
      ...(admin ? [allow('ListOldDatabases', 's3:ListBucketVersions', bucketArn)] : []),
    ],
  }
}

/** What IAM counts of a policy, or a little more: blanks inside a string too. */
export function sizeOf(policy: Policy): number {
  return JSON.stringify(policy).length
}

function allow(sid: string, action: OneOrMore, resource: OneOrMore): Statement {
  return { Sid: sid, Effect: 'Allow', Action: action, Resource: resource }
}

/** A statement for each zone; `patternOf` says what the names below a domain match. */
function writes(
  sid: string,
  grants: readonly Grant[],
  types: readonly string[],
  zoneArn: (id: string) => string,
  patternOf: (domain: string) => string,
): Statement[] {
  return grants.map((grant, index) => ({
    Sid: grants.length === 1 ? sid : `${sid}${index + 1}`,
    Effect: 'Allow',
    Action: 'route53:ChangeResourceRecordSets',
    Resource: zoneArn(grant.zone.id),
    Condition: conditionOf(grant, types, patternOf),
  }))
}

/** The service replaces a record by a DELETE of what it read and a CREATE, in one batch, and never by an UPSERT. */
function conditionOf(
  grant: Grant,
  types: readonly string[],
  patternOf: (domain: string) => string,
): Condition {
  const what = {
    'route53:ChangeResourceRecordSetsRecordTypes': types,
    'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
  }
  const names = (list: readonly string[]) => {
    return { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': oneOrMore(list) }
  }
  if ('domains' in grant) {
    const patterns = names([...grant.domains.map(patternOf), ...(grant.hosts ?? [])])
    return { 'ForAllValues:StringEquals': what, 'ForAllValues:StringLike': patterns }
  }
  // As Route 53 writes the name of a wildcard record.
  const normalized = grant.hosts.map((name) => name.replace('*', '\\052'))
  return { 'ForAllValues:StringEquals': { ...what, ...names(normalized) } }
}

function oneOrMore(list: readonly string[]): OneOrMore {
  const [first, ...more] = list
  return first !== undefined && more.length === 0 ? first : list
}

/** A part of an ARN that means only itself. */
function literal(text: string): string {
  return text.replace(/[*?$]/g, (character) => `\${${character}}`)
}
