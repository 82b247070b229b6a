import type { ChangeInfo } from './account.js'
import type { Call } from './calls.js'
import { changeInfo, delegationSet, hostedZone, hostedZones, resourceRecordSets } from './elements.js'
import type { Route53Error } from './errors.js'
import type { Route53Model } from './model.js'
import { document, element, text } from './xml.js'

/** An answer as it goes over the wire; `location` is the header of that name. */
export interface Answer {
  status: number
  body: string
  location?: string
}

/** How InvalidChangeBatch is written: as every other error, or in the form that older documentation shows. */
export type InvalidChangeBatchForm = 'ErrorResponse' | 'InvalidChangeBatch'

type ChangeCall = { action: 'ChangeResourceRecordSets' }

/** Puts a call other than a change to the model and writes the answer; throws the model's Route53Error. */
export function answerCall(model: Route53Model, call: Exclude<Call, ChangeCall>): Answer {
  switch (call.action) {
    case 'ListHostedZones':
      return listHostedZones(model, call)
    case 'ListHostedZonesByName':
      return listHostedZonesByName(model, call)
    case 'GetHostedZone': {
      const zone = model.getHostedZone(call.zoneId)
      return ok(document('GetHostedZoneResponse', hostedZone(zone), delegationSet()))
    }
    case 'ListResourceRecordSets':
      return listResourceRecordSets(model, call)
    case 'GetChange':
      return ok(document('GetChangeResponse', changeInfo(model.getChange(call.changeId))))
    case 'CreateHostedZone': {
      const { zone, change } = model.createHostedZone(call)
      const body = document('CreateHostedZoneResponse', hostedZone(zone), changeInfo(change), delegationSet())
      return { status: 201, body, location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}` }
    }
    case 'DeleteHostedZone':
      return ok(document('DeleteHostedZoneResponse', changeInfo(model.deleteHostedZone(call.zoneId))))
  }
}

/** The answer to an accepted change. */
export function answerChange(change: ChangeInfo): Answer {
  return ok(document('ChangeResourceRecordSetsResponse', changeInfo(change)))
}

/** The answer to a refused call. */
export function answerError(error: Route53Error, form: InvalidChangeBatchForm, requestId: string): Answer {
  const { status, code, message, messages } = error
  if (code === 'InvalidChangeBatch' && form === 'InvalidChangeBatch') {
    const list = element('Messages', ...messages.map((single) => text('Message', single)))
    return { status, body: document('InvalidChangeBatch', list) }
  }
  const details = element('Error', text('Type', 'Sender'), text('Code', code), text('Message', message))
  return { status, body: document('ErrorResponse', details, text('RequestId', requestId)) }
}

function listHostedZones(model: Route53Model, call: Extract<Call, { action: 'ListHostedZones' }>): Answer {
  const { zones, next } = model.listHostedZones(call)
  return ok(
    document(
      'ListHostedZonesResponse',
      hostedZones(zones),
      text('Marker', call.marker ?? ''),
      text('IsTruncated', next !== undefined),
      text('NextMarker', next?.id),
      text('MaxItems', call.maxItems ?? 100),
    ),
  )
}

function listHostedZonesByName(
  model: Route53Model,
  call: Extract<Call, { action: 'ListHostedZonesByName' }>,
): Answer {
  const { zones, next } = model.listHostedZonesByName(call)
  return ok(
    document(
      'ListHostedZonesByNameResponse',
      hostedZones(zones),
      text('DNSName', call.dnsName),
      text('HostedZoneId', call.hostedZoneId),
      text('IsTruncated', next !== undefined),
      text('NextDNSName', next?.name),
      text('NextHostedZoneId', next?.id),
      text('MaxItems', call.maxItems ?? 100),
    ),
  )
}

function listResourceRecordSets(
  model: Route53Model,
  call: Extract<Call, { action: 'ListResourceRecordSets' }>,
): Answer {
  const { recordSets, next } = model.listResourceRecordSets(call.zoneId, call)
  return ok(
    document(
      'ListResourceRecordSetsResponse',
      resourceRecordSets(recordSets),
      text('IsTruncated', next !== undefined),
      text('NextRecordName', next?.name),
      text('NextRecordType', next?.type),
      text('NextRecordIdentifier', next?.setIdentifier),
      text('MaxItems', call.maxItems ?? 300),
    ),
  )
}

function ok(body: string): Answer {
  return { status: 200, body }
}
