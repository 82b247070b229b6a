import type { WireRequest, WireResponse } from '../http.js'
import { escapeXml, notImplemented, S3Error } from './errors.js'
import type { Bucket, Version } from './store.js'

const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** GetBucketVersioning, or PutBucketVersioning of a body that says Enabled or Suspended. Throws S3Error. */
export function bucketVersioning(bucket: Bucket, { method, body }: WireRequest): WireResponse {
  if (method === 'PUT') {
    const [, status] = /<Status>(Enabled|Suspended)<\/Status>/.exec(body.toString()) ?? []
    if (status !== 'Enabled' && status !== 'Suspended') {
      throw new S3Error(400, 'IllegalVersioningConfigurationException', 'The versioning status is not valid')
    }
    bucket.versioning = status
    return { status: 200 }
  }
  if (method !== 'GET') throw notImplemented(`${method} on versioning`)
  const status = bucket.versioning ? `<Status>${bucket.versioning}</Status>` : ''
  return xml(`<VersioningConfiguration>${status}</VersioningConfiguration>`)
}

interface ListedVersion {
  key: string
  version: Version
  isLatest: boolean
}

/** ListObjectVersions: keys in order, the versions of each newest first, in pages. */
export function listVersions(name: string, bucket: Bucket, query: URLSearchParams): WireResponse {
  const prefix = query.get('prefix') ?? ''
  const maxKeys = Math.min(1000, Number(query.get('max-keys') ?? 1000))
  const all = allVersions(bucket, prefix)
  const start = startOf(all, query.get('key-marker'), query.get('version-id-marker'))
  const page = all.slice(start, start + maxKeys)
  const isTruncated = start + maxKeys < all.length
  const last = page.at(-1)
  const next =
    isTruncated && last
      ? element('NextKeyMarker', last.key) + element('NextVersionIdMarker', last.version.id)
      : ''
  return xml(
    `<ListVersionsResult>${element('Name', name)}${element('Prefix', prefix)}${element('MaxKeys', maxKeys)}` +
      `${element('IsTruncated', isTruncated)}${next}${page.map(describeVersion).join('')}</ListVersionsResult>`,
  )
}

function allVersions(bucket: Bucket, prefix: string): ListedVersion[] {
  const keys = [...bucket.keys].filter(([key]) => key.startsWith(prefix))
  const sorted = keys.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return sorted.flatMap(([key, versions]) =>
    versions.map((version, index) => ({ key, version, isLatest: index === 0 })),
  )
}

/** Behind that version, or behind all of that key. */
function startOf(all: readonly ListedVersion[], key: string | null, id: string | null): number {
  if (key === null) return 0
  return 1 + all.findLastIndex((one) => one.key === key && (id === null || one.version.id === id))
}

function describeVersion({ key, version, isLatest }: ListedVersion): string {
  const { lastModified } = 'object' in version ? version.object : version.marker
  const common =
    element('Key', key) +
    element('VersionId', version.id) +
    element('IsLatest', isLatest) +
    element('LastModified', lastModified.toISOString())
  if (!('object' in version)) return `<DeleteMarker>${common}</DeleteMarker>`
  const { etag, body } = version.object
  return `<Version>${common}${element('ETag', etag)}${element('Size', body.length)}</Version>`
}

function element(name: string, value: string | number | boolean): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`
}

function xml(body: string): WireResponse {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: prolog + body }
}
