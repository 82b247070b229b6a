import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { bucket, connectS3, refusal, startS3 } from './testing.js'

const there = new GetObjectCommand({ Bucket: bucket, Key: 'there' })
const missing = new GetObjectCommand({ Bucket: bucket, Key: 'missing' })

const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/us-east-1/s3/aws4_request'

test('without s3:ListBucket a missing key reads as access denied', async () => {
  const s3 = await startS3({ allowList: false })
  s3.put(bucket, 'there', 'one')
  const client = connectS3(s3.url)
  const denied = { status: 403, name: 'AccessDenied', message: 'Access Denied' }
  expect(await refusal(client.send(missing))).toMatchObject(denied)
  const head = new HeadObjectCommand({ Bucket: bucket, Key: 'missing' })
  expect(await refusal(client.send(head))).toMatchObject({ status: 403 })
  expect((await client.send(there)).ETag).toBe(s3.object(bucket, 'there')?.etag)
})

test('a policy decides call by call', async () => {
  const s3 = await startS3({ allow: ({ method, key }) => method === 'GET' && key !== 'missing' })
  s3.put(bucket, 'there', 'one')
  const client = connectS3(s3.url)
  const denied = { status: 403, name: 'AccessDenied' }
  await client.send(there)
  expect(await refusal(client.send(missing))).toMatchObject(denied)
  const put = new PutObjectCommand({ Bucket: bucket, Key: 'there', Body: 'two' })
  expect(await refusal(client.send(put))).toMatchObject(denied)
  expect(s3.object(bucket, 'there')?.body.toString()).toBe('one')
})

test('another access key id than the one that exists is refused, and so is an unsigned request', async () => {
  const s3 = await startS3({ accessKeyId: 'AKIAOTHER' })
  s3.put(bucket, 'there', 'one')
  expect(await refusal(connectS3(s3.url).send(there))).toMatchObject({
    status: 403,
    name: 'InvalidAccessKeyId',
    AWSAccessKeyId: 'AKIAEXAMPLE',
  })
  await connectS3(s3.url, { credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'any' } }).send(there)
  expect((await fetch(`${s3.url}/${bucket}/there`)).status).toBe(403)
})

test('a bucket of another region redirects there; an SDK told to follow does so on every call', async () => {
  const s3 = await startS3({ region: 'eu-west-1' })
  s3.put(bucket, 'there', 'one')
  const client = connectS3(s3.url)
  expect(await refusal(client.send(there))).toMatchObject({ status: 301, name: 'PermanentRedirect' })
  expect(await client.send(there).catch((error) => error.$response.headers)).toMatchObject({
    'x-amz-bucket-region': 'eu-west-1',
  })
  const following = connectS3(s3.url, { followRegionRedirects: true })
  await following.send(there)
  await following.send(there)
  await connectS3(s3.url, { region: 'eu-west-1' }).send(there)
  expect(s3.calls.map(({ status }) => status)).toEqual([301, 301, 301, 200, 301, 200, 200])
})

test('or calls the authorization header malformed, which the SDK does not follow', async () => {
  const s3 = await startS3({ region: 'eu-west-1', wrongRegion: 'malformed' })
  const client = connectS3(s3.url, { followRegionRedirects: true })
  expect(await refusal(client.send(there))).toMatchObject({
    status: 400,
    name: 'AuthorizationHeaderMalformed',
    Region: 'eu-west-1',
    message: "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
  })
})

test.each([
  ['POST', '/dyndns.example.com/there', 405],
  ['GET', '/dyndns.example.com/there?acl', 501],
  ['GET', '/dyndns.example.com?list-type=2', 501],
  ['GET', '/dyndns.example.com', 501],
  ['GET', '/', 404],
  ['GET', '/dyndns.example.com/%E0%A4%A', 404],
])('%s %s, which the emulator does not know, is a %i', async (method, path, status) => {
  const s3 = await startS3()
  const response = await fetch(s3.url + path, { method, headers: { authorization: AUTHORIZATION } })
  expect(response.status).toBe(status)
  expect(await response.text()).toMatch(
    /^<\?xml .*<Error><Code>\w+<\/Code><Message>.*<\/RequestId><\/Error>$/s,
  )
})

test.each([
  ['a wrong checksum', '2\r\nhi\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', '2', 'BadDigest'],
  ['a wrong length', '2\r\nhi\r\n0\r\n\r\n', '3', 'IncompleteBody'],
  ['a chunk cut short', '9\r\nhi\r\n0\r\n\r\n', '9', 'IncompleteBody'],
  ['a size that is no number', 'two\r\nhi\r\n0\r\n\r\n', '2', 'IncompleteBody'],
  ['no end', '2\r\nhi\r\n', '2', 'IncompleteBody'],
])('an aws-chunked body with %s is not stored', async (_, body, decodedLength, code) => {
  const s3 = await startS3()
  const headers = {
    authorization: AUTHORIZATION,
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': decodedLength,
  }
  const response = await fetch(`${s3.url}/${bucket}/key`, { method: 'PUT', headers, body })
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(`<Code>${code}<`)])
  expect(s3.object(bucket, 'key')).toBeUndefined()
})

test('tests write, read and remove behind its back; the log has the calls alone', async () => {
  const s3 = await startS3()
  const client = connectS3(s3.url)
  const etag = s3.put(bucket, 'there', 'one')
  expect(s3.put('second', 'there', 'two')).not.toBe(etag)
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'there', Body: 'three', IfMatch: etag }))
  expect(s3.object(bucket, 'there')?.body.toString()).toBe('three')
  s3.remove(bucket, 'there')
  s3.remove('no such bucket', 'there')
  expect(s3.object(bucket, 'there')).toBeUndefined()
  await refusal(client.send(new GetObjectCommand({ Bucket: bucket, Key: 'there', IfNoneMatch: '"a"' })))
  await refusal(client.send(new CreateBucketCommand({ Bucket: bucket })))
  expect(s3.calls).toEqual([
    { method: 'PUT', bucket, key: 'there', ifMatch: etag, status: 200 },
    { method: 'GET', bucket, key: 'there', ifNoneMatch: '"a"', status: 404 },
    { method: 'PUT', bucket, key: '', status: 409 },
  ])
})

test('a restart at the same port finds the same objects', async () => {
  const first = await startS3()
  await connectS3(first.url).send(new PutObjectCommand({ Bucket: bucket, Key: 'there', Body: 'one' }))
  await first.close()
  await expect(connectS3(first.url).send(there)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  const second = await startS3({ port: first.port, store: first.store })
  const { Body, ETag } = await connectS3(first.url).send(there)
  expect(await Body?.transformToString()).toBe('one')
  expect(ETag).toBe(second.object(bucket, 'there')?.etag)
})
