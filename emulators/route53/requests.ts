import type { Call } from './calls.js'
import { invalidInput, notEmulated } from './errors.js'
import { type AliasTarget, type Change, normalizeRecordSet, type RecordSet } from './records.js'
import { child, childNames, children, childText, parseDocument, type XmlNode } from './xml.js'

/**
 * Reads a request of API version 2013-04-01 (paths and elements as in the API reference). Throws InvalidInput for
 * a body that is not what the action takes, and NotImplemented for what the emulator does not know.
 */
export function readCall(method: string, url: string, body: string): Call {
  const { pathname, searchParams } = new URL(url, 'http://route53')
  const [version = '', resource = '', id = '', part = ''] = pathname.split('/').filter((step) => step !== '')
  const query = (name: string) => searchParams.get(name) ?? undefined
  const maxItems = readMaxItems(query('maxitems'))
  switch (`${method} ${version} ${resource}${id && ' id'}${part && ` ${part}`}`) {
    case 'GET 2013-04-01 hostedzone':
      return { action: 'ListHostedZones', marker: query('marker'), maxItems }
    case 'POST 2013-04-01 hostedzone':
      return readNewZone(body)
    case 'GET 2013-04-01 hostedzonesbyname': {
      const start = { dnsName: query('dnsname'), hostedZoneId: query('hostedzoneid') }
      return { action: 'ListHostedZonesByName', ...start, maxItems }
    }
    case 'GET 2013-04-01 hostedzone id':
      return { action: 'GetHostedZone', zoneId: id }
    case 'DELETE 2013-04-01 hostedzone id':
      return { action: 'DeleteHostedZone', zoneId: id }
    case 'GET 2013-04-01 hostedzone id rrset': {
      const start = { name: query('name'), type: query('type'), identifier: query('identifier') }
      return { action: 'ListResourceRecordSets', zoneId: id, ...start, maxItems }
    }
    case 'POST 2013-04-01 hostedzone id rrset':
      return readChanges(id, body)
    case 'GET 2013-04-01 change id':
      return { action: 'GetChange', changeId: id }
    default:
      throw notEmulated(`${method} ${pathname}`)
  }
}

function readMaxItems(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^[1-9]\d*$/.test(value)) return Number(value)
  throw invalidInput(`'${value}' is not a valid value for maxitems`)
}

function readBody(body: string, root: string): XmlNode {
  try {
    return parseDocument(body, root)
  } catch (error) {
    throw invalidInput(`Invalid XML ; ${error instanceof Error ? error.message : error}`)
  }
}

function readNewZone(body: string): Call {
  const request = readBody(body, 'CreateHostedZoneRequest')
  const config = child(request, 'HostedZoneConfig')
  return {
    action: 'CreateHostedZone',
    name: required(request, 'Name'),
    callerReference: required(request, 'CallerReference'),
    private: childText(config, 'PrivateZone') === 'true',
    comment: childText(config, 'Comment'),
  }
}

function readChanges(zoneId: string, body: string): Call {
  const batch = child(readBody(body, 'ChangeResourceRecordSetsRequest'), 'ChangeBatch')
  const changes = children(child(batch, 'Changes'), 'Change').map(readChange)
  return { action: 'ChangeResourceRecordSets', zoneId, changes, comment: childText(batch, 'Comment') }
}

function readChange(node: XmlNode): Change {
  const action = required(node, 'Action')
  if (action !== 'CREATE' && action !== 'UPSERT' && action !== 'DELETE') {
    throw invalidInput(`Invalid XML ; Value '${action}' is not facet-valid: [CREATE, DELETE, UPSERT]`)
  }
  return { action, recordSet: readRecordSet(child(node, 'ResourceRecordSet')) }
}

const knownElements =
  'Name Type SetIdentifier Weight Region MultiValueAnswer TTL ResourceRecords AliasTarget'.split(' ')

function readRecordSet(node: XmlNode): RecordSet {
  const unknown = childNames(node).find((name) => !knownElements.includes(name))
  if (unknown !== undefined) throw notEmulated(`the element ${unknown} of a ResourceRecordSet`)
  const values = children(child(node, 'ResourceRecords'), 'ResourceRecord')
  const multiValueAnswer = childText(node, 'MultiValueAnswer')
  return normalizeRecordSet({
    name: required(node, 'Name'),
    type: required(node, 'Type'),
    ttl: readInteger(node, 'TTL'),
    values: values.map((record) => required(record, 'Value')),
    aliasTarget: readAliasTarget(child(node, 'AliasTarget')),
    setIdentifier: childText(node, 'SetIdentifier'),
    weight: readInteger(node, 'Weight'),
    region: childText(node, 'Region'),
    multiValueAnswer: multiValueAnswer === undefined ? undefined : multiValueAnswer === 'true',
  })
}

function readAliasTarget(node: XmlNode): AliasTarget | undefined {
  if (node === undefined) return undefined
  return {
    hostedZoneId: required(node, 'HostedZoneId'),
    dnsName: required(node, 'DNSName'),
    evaluateTargetHealth: required(node, 'EvaluateTargetHealth') === 'true',
  }
}

function required(node: XmlNode, name: string): string {
  const value = childText(node, name)
  if (value === undefined) throw invalidInput(`Invalid XML ; The element ${name} is missing`)
  return value
}

function readInteger(node: XmlNode, name: string): number | undefined {
  const value = childText(node, name)
  if (value === undefined) return undefined
  if (!/^-?\d+$/.test(value)) throw invalidInput(`Invalid XML ; '${value}' is not a valid value for ${name}`)
  return Number(value)
}
