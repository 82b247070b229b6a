/** A refusal with the code, HTTP status and words of the real service. */
export class Route53Error extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The single complaints of an InvalidChangeBatch; empty for every other code. */
    readonly messages: string[] = [],
  ) {
    super(message)
    this.name = code
  }
}

/** 404: no zone has this id. */
export function noSuchHostedZone(id: string): Route53Error {
  return new Route53Error(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${id}`)
}

/** 404: no change has this id. */
export function noSuchChange(id: string): Route53Error {
  return new Route53Error(404, 'NoSuchChange', `Could not find resource with ID: ${id}`)
}

/** 400: a request or change quota of the account is used up. */
export function throttling(): Route53Error {
  return new Route53Error(400, 'Throttling', 'Rate exceeded')
}

/** 400: another change of this zone is still in flight. */
export function priorRequestNotComplete(): Route53Error {
  const message = 'The request was rejected because Route 53 was still processing a prior request.'
  return new Route53Error(400, 'PriorRequestNotComplete', message)
}

/** 400: the request itself is malformed, whatever the zone holds. */
export function invalidInput(message: string): Route53Error {
  return new Route53Error(400, 'InvalidInput', message)
}

/** 400: the batch cannot be applied to the zone; `messages` says why, once for each complaint. */
export function invalidChangeBatch(messages: string[]): Route53Error {
  return new Route53Error(400, 'InvalidChangeBatch', `[${messages.join(', ')}]`, messages)
}

/** 400: the zone to delete holds more than its apex NS and SOA. */
export function hostedZoneNotEmpty(): Route53Error {
  const message =
    'The specified hosted zone contains non-required resource record sets and so cannot be deleted.'
  return new Route53Error(400, 'HostedZoneNotEmpty', message)
}

/** 403: the caller's policy does not allow this action (on this zone, when the action has one). */
export function accessDenied(action: string, zoneId?: string): Route53Error {
  const resource = zoneId === undefined ? '' : ` on resource: arn:aws:route53:::hostedzone/${zoneId}`
  const message =
    `User: arn:aws:iam::123456789012:user/emulated is not authorized to perform: route53:${action}${resource}` +
    ` because no identity-based policy allows the route53:${action} action`
  return new Route53Error(403, 'AccessDenied', message)
}

/** 403: nobody has this access key. */
export function invalidClientTokenId(): Route53Error {
  return new Route53Error(
    403,
    'InvalidClientTokenId',
    'The security token included in the request is invalid.',
  )
}

/** 403: the request is not signed. */
export function missingAuthenticationToken(): Route53Error {
  return new Route53Error(403, 'MissingAuthenticationToken', 'Missing Authentication Token')
}

/** 501, the emulator's own: the real service would have an answer to this. */
export function notEmulated(what: string): Route53Error {
  return new Route53Error(501, 'NotImplemented', `The Route 53 emulator does not know ${what}`)
}
