import { randomBytes } from 'node:crypto'
import type { WireResponse } from '../http.js'

/** What goes with an S3 error besides code and message: more XML elements, more headers. */
interface S3ErrorParts {
  elements?: Record<string, string>
  headers?: Record<string, string>
}

/** A refusal in S3's terms. Thrown by whatever refuses a call; the emulator answers with it. */
export class S3Error extends Error {
  readonly elements: Record<string, string>
  readonly headers: Record<string, string>

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    { elements = {}, headers = {} }: S3ErrorParts = {},
  ) {
    super(message)
    this.elements = elements
    this.headers = headers
  }
}

/** The caller may not do this, or may not know whether the key exists. */
export const accessDenied = () => new S3Error(403, 'AccessDenied', 'Access Denied')

/** No such object, said to a caller who may list the bucket. */
export const noSuchKey = (key: string) =>
  new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', { elements: { Key: key } })

/** No such version of the object, or none that could be one. */
export const noSuchVersion = (key: string, versionId: string) =>
  new S3Error(404, 'NoSuchVersion', 'The specified version does not exist.', {
    elements: { Key: key, VersionId: versionId },
  })

/** A GET of the version that marks a deletion. */
export const isDeleteMarker = () =>
  new S3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    headers: { 'x-amz-delete-marker': 'true' },
  })

/** An If-Match or If-None-Match that does not hold. */
export const preconditionFailed = (condition: string) =>
  new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    elements: { Condition: condition },
  })

/** Something that S3 may know but this emulator does not. */
export const notImplemented = (what: string) =>
  new S3Error(501, 'NotImplemented', `${what} implies functionality that is not implemented`)

/** A new request id, as long as S3's. */
export const newRequestId = () => randomBytes(8).toString('hex').toUpperCase()

/** A refusal as S3 writes it ("REST error responses" in the S3 API reference). */
export function errorResponse({ status, code, message, elements, headers }: S3Error): WireResponse {
  const requestId = newRequestId()
  const xml = Object.entries({ Code: code, Message: message, ...elements, RequestId: requestId })
    .map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`)
    .join('')
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId, ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${xml}</Error>`,
  }
}

/** A text as the content of an XML element. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
