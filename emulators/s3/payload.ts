import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { crc32 } from 'node:zlib'
import { notImplemented, S3Error } from './errors.js'

/** The bytes of an object and the CRC-32 they came with (base64), if any. */
export interface Payload {
  body: Buffer
  crc32?: string
}

/**
 * The payload of a PUT, out of `aws-chunked` where the request says so. Throws S3Error when it does not fit
 * its Content-MD5, its x-amz-checksum-crc32 (header or trailer) or its x-amz-decoded-content-length. Other
 * checksums and the signed x-amz-content-sha256 are not looked at.
 */
export function readPayload(headers: IncomingHttpHeaders, received: Buffer): Payload {
  const { body, trailers } = decode(headers, received)
  const md5 = headers['content-md5']
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
    throw badDigest('The Content-MD5 you specified did not match what we received.')
  const checksum = trailers['x-amz-checksum-crc32'] ?? headers['x-amz-checksum-crc32']
  if (checksum === undefined) return { body }
  const actual = Buffer.alloc(4)
  actual.writeUInt32BE(crc32(body))
  if (checksum !== actual.toString('base64'))
    throw badDigest('The CRC32 you specified did not match the calculated checksum.')
  return { body, crc32: checksum }
}

function decode(headers: IncomingHttpHeaders, received: Buffer): ReturnType<typeof decodeChunked> {
  const hash = String(headers['x-amz-content-sha256'])
  if (!hash.startsWith('STREAMING-')) return { body: received, trailers: {} }
  if (hash !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') throw notImplemented(`The payload hash ${hash}`)
  const decoded = decodeChunked(received)
  if (String(decoded.body.length) !== headers['x-amz-decoded-content-length']) throw incompleteBody()
  return decoded
}

/** `size CRLF bytes CRLF` until size 0 (in hex), then `name:value` trailers and an empty line. */
function decodeChunked(encoded: Buffer): { body: Buffer; trailers: Record<string, string> } {
  let position = 0
  const readLine = (): string => {
    const end = encoded.indexOf('\r\n', position)
    if (end < 0) throw incompleteBody()
    const line = encoded.toString('latin1', position, end)
    position = end + 2
    return line
  }

  const chunks: Buffer[] = []
  for (let size = readLine(); size !== '0'; size = readLine()) {
    if (!/^[0-9a-f]{1,8}$/i.test(size)) throw incompleteBody()
    const chunk = encoded.subarray(position, position + Number.parseInt(size, 16))
    position += chunk.length
    if (readLine() !== '') throw incompleteBody()
    chunks.push(chunk)
  }

  const trailers: Record<string, string> = {}
  for (let line = readLine(); line !== ''; line = readLine()) {
    const [name = '', value = ''] = line.split(':', 2)
    trailers[name.trim().toLowerCase()] = value.trim()
  }
  return { body: Buffer.concat(chunks), trailers }
}

const badDigest = (message: string) => new S3Error(400, 'BadDigest', message)

const incompleteBody = () => new S3Error(400, 'IncompleteBody', 'The request body terminated unexpectedly')
