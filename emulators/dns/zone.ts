/**
 * One record set: every value of one type at one name, written as in a Route 53 `ResourceRecord`; ttl in
 * seconds.
 */
export interface DnsRecordSet {
  name: string
  type: string
  ttl: number
  values: readonly string[]
}

/** A zone to answer for. Without an SOA at its apex, negative answers carry no authority section. */
export interface DnsZone {
  name: string
  recordSets: Iterable<DnsRecordSet>
}

/** A zone ready to be asked: names in canonical form, record sets as an array. */
export interface ZoneData {
  name: string
  recordSets: readonly DnsRecordSet[]
}

/**
 * A name's one spelling: no trailing dot, the characters that Route 53 writes as `\ooo` as themselves (`\052`
 * is `*`), ASCII letters in lower case (RFC 4343).
 */
export function canonicalName(name: string): string {
  return name
    .replace(/\.$/, '')
    .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** True when `name` is `ancestor` or below it, on label boundaries; both canonical. */
export function isWithin(name: string, ancestor: string): boolean {
  return name === ancestor || name.endsWith(`.${ancestor}`)
}

/** The longest zone that holds this canonical name; undefined when none does. */
export function zoneOf(zones: Iterable<DnsZone>, name: string): ZoneData | undefined {
  let best: DnsZone | undefined
  let bestName = ''
  for (const zone of zones) {
    const zoneName = canonicalName(zone.name)
    if (!isWithin(name, zoneName) || (best && zoneName.length <= bestName.length)) continue
    best = zone
    bestName = zoneName
  }
  if (!best) return undefined
  const recordSets = Array.from(best.recordSets, (set) => ({ ...set, name: canonicalName(set.name) }))
  return { name: bestName, recordSets }
}

/**
 * The record sets that answer for a canonical name within the zone: its own or, for a name that does not
 * exist, those of the wildcard just below its closest encloser (RFC 4592 section 3.3.1). Undefined: the name
 * does not exist. Empty: it exists but holds nothing, as a name with names below it does (RFC 4592 section
 * 2.2.2).
 */
export function setsAt(zone: ZoneData, name: string): readonly DnsRecordSet[] | undefined {
  if (exists(zone, name)) return zone.recordSets.filter((set) => set.name === name)
  const wildcard = `*.${closestEncloser(zone, name)}`
  return exists(zone, wildcard) ? zone.recordSets.filter((set) => set.name === wildcard) : undefined
}

/** The longest existing ancestor of a name in the zone; the apex at the least. */
function closestEncloser(zone: ZoneData, name: string): string {
  const parent = name.slice(name.indexOf('.') + 1)
  return parent === zone.name || exists(zone, parent) ? parent : closestEncloser(zone, parent)
}

function exists(zone: ZoneData, name: string): boolean {
  return name === zone.name || zone.recordSets.some((set) => isWithin(set.name, name))
}
