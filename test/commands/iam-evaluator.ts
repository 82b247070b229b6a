import type { Call } from '../../emulators/route53/calls.js'
import type { S3Call } from '../../emulators/s3/request.js'

/** As much of an IAM policy as the tests judge: statements that allow. */
export interface Policy {
  readonly Version: string
  readonly Statement: readonly Statement[]
}

interface Statement {
  readonly Sid: string
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** A call as IAM sees it: `resource` is `*` for an action without one, `context` has the condition keys. */
export interface IamRequest {
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, readonly string[]>>
}

/** Whether a statement allows the call. Throws for what this evaluator does not know. */
export function allows(policy: Policy, request: IamRequest): boolean {
  return policy.Statement.some(({ Effect, Action, Resource, Condition = {} }) => {
    if (Effect !== 'Allow') throw new Error(`not known: the effect ${Effect}`)
    const isMeant =
      list(Action).includes(request.action) && list(Resource).some((arn) => isLike(request.resource, arn))
    return isMeant && Object.entries(Condition).every(([operator, keys]) => holds(operator, keys, request))
  })
}

function holds(
  operator: string,
  keys: Readonly<Record<string, string | readonly string[]>>,
  request: IamRequest,
) {
  const [set, comparison] = operator.split(':')
  if (set !== 'ForAllValues' || (comparison !== 'StringEquals' && comparison !== 'StringLike')) {
    throw new Error(`not known: the operator ${operator}`)
  }
  const isEqual = (value: string, expected: string) =>
    comparison === 'StringEquals' ? value === expected : isLike(value, expected)
  return Object.entries(keys).every(([key, expected]) => {
    const values = request.context?.[key]
    // IAM takes a key that is absent for one whose values all fit; Route 53 always sends all three.
    if (!values) throw new Error(`not known: the key ${key} of ${request.action}`)
    return values.every((value) => list(expected).some((item) => isEqual(value, item)))
  })
}

/** `*` stands for any characters, `?` for any one, and `${*}`, `${?}`, `${$}` for themselves. */
function isLike(value: string, pattern: string): boolean {
  const source = pattern.replace(/\$\{([*?$])\}|[\s\S]/g, (part, literal?: string) => {
    if (literal === undefined && part === '*') return '[^]*'
    if (literal === undefined && part === '?') return '[^]'
    return (literal ?? part).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  })
  return new RegExp(`^${source}$`).test(value)
}

function list(oneOrMore: string | readonly string[]): readonly string[] {
  return typeof oneOrMore === 'string' ? [oneOrMore] : oneOrMore
}

const zoneArn = (id: string) => `arn:aws:route53:::hostedzone/${id}`

/** A call to the Route 53 emulator, with the condition keys as the Developer Guide has them. */
export function route53Request(call: Call): IamRequest {
  const action = `route53:${call.action}`
  if (call.action !== 'ChangeResourceRecordSets') {
    return { action, resource: 'zoneId' in call ? zoneArn(call.zoneId) : '*' }
  }
  const recordSets = call.changes.map(({ recordSet }) => recordSet)
  return change(call.zoneId, {
    types: recordSets.map(({ type }) => type),
    actions: call.changes.map((each) => each.action),
    // As stored: lower case, octal escapes; but in policies without the dot at the end.
    names: recordSets.map(({ name }) => name.replace(/\.$/, '')),
  })
}

/** A ChangeResourceRecordSets with these normalized names. */
export function change(
  zoneId: string,
  {
    types = ['A'],
    actions = ['DELETE', 'CREATE'],
    names,
  }: { types?: string[]; actions?: string[]; names: string[] },
): IamRequest {
  return {
    action: 'route53:ChangeResourceRecordSets',
    resource: zoneArn(zoneId),
    context: {
      'route53:ChangeResourceRecordSetsRecordTypes': types,
      'route53:ChangeResourceRecordSetsActions': actions,
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': names,
    },
  }
}

/** A call to the S3 emulator. */
export function s3Request({ method, bucket, key, versionId, subresource }: S3Call): IamRequest {
  if (subresource === 'versions')
    return { action: 's3:ListBucketVersions', resource: `arn:aws:s3:::${bucket}` }
  if (versionId !== undefined && method === 'GET') {
    return { action: 's3:GetObjectVersion', resource: `arn:aws:s3:::${bucket}/${key}` }
  }
  const action = new Map([
    ['GET', 's3:GetObject'],
    ['PUT', 's3:PutObject'],
  ]).get(method)
  return { action: action ?? method, resource: `arn:aws:s3:::${bucket}/${key}` }
}
