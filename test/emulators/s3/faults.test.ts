import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { beforeEach, expect, test } from 'vitest'
import type { S3Emulator } from '../../../emulators/s3/emulator.js'
import { bucket, connectS3, refusal, startS3 } from './testing.js'

const OLD = 'old '.repeat(1000)

let s3: S3Emulator
let client: S3Client
beforeEach(async () => {
  s3 = await startS3()
  client = connectS3(s3.url)
  s3.put(bucket, 'key', OLD)
})

const put = (Body: string, abortSignal?: AbortSignal) =>
  client.send(new PutObjectCommand({ Bucket: bucket, Key: 'key', Body }), abortSignal && { abortSignal })
const get = async (abortSignal?: AbortSignal) => {
  const command = new GetObjectCommand({ Bucket: bucket, Key: 'key' })
  return (await client.send(command, abortSignal && { abortSignal })).Body?.transformToString()
}
const stored = () => s3.object(bucket, 'key')?.body.toString()
const lastStatus = () => s3.calls.at(-1)?.status

test('refuse answers with any error and applies nothing', async () => {
  s3.inject({ kind: 'refuse', status: 409, code: 'ConditionalRequestConflict', message: 'Try again.' })
  expect(await refusal(put('new'))).toMatchObject({ status: 409, name: 'ConditionalRequestConflict' })
  expect(stored()).toBe(OLD)
  await put('new')
  expect(stored()).toBe('new')
})

test('throttle is SlowDown, which the SDK retries', async () => {
  s3.inject({ kind: 'throttle' })
  expect(await refusal(put('new'))).toMatchObject({ status: 503, name: 'SlowDown' })
  s3.inject({ kind: 'throttle' })
  const { $metadata } = await connectS3(s3.url, { maxAttempts: 2 }).send(
    new GetObjectCommand({ Bucket: bucket, Key: 'key' }),
  )
  expect($metadata.attempts).toBe(2)
})

test.each([
  ['reset', OLD],
  ['apply-then-reset', 'new'],
] as const)('%s ends the connection', async (kind, after) => {
  s3.inject({ kind })
  await expect(put('new')).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect([stored(), lastStatus()]).toEqual([after, 'reset'])
})

test.each([
  ['stall', OLD],
  ['apply-then-stall', 'new'],
] as const)('%s never answers', async (kind, after) => {
  s3.inject({ kind })
  const impatience = new AbortController()
  const answer = put('new', impatience.signal)
  await expect.poll(lastStatus).toBe('stall')
  impatience.abort()
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
  expect(stored()).toBe(after)
})

test('raw answers with any bytes', async () => {
  s3.inject({
    kind: 'raw',
    status: 502,
    body: '<html>Bad Gateway</html>',
    headers: { 'content-type': 'text/html' },
  })
  expect(await put('new').catch((error) => error.$metadata.httpStatusCode)).toBe(502)
  expect(stored()).toBe(OLD)
})

test('delay goes on as if nothing had happened', async () => {
  s3.inject({ kind: 'delay', ms: 20 })
  expect(await get()).toBe(OLD)
})

test('truncate announces the whole body and ends after half of it', async () => {
  s3.inject({ kind: 'truncate' })
  await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(lastStatus()).toBe(200)
  expect(await get()).toBe(OLD)
})

test('stall-body falls silent after half of the body', async () => {
  s3.inject({ kind: 'stall-body' })
  const response = await fetch(`${s3.url}/${bucket}/key`, {
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/us-east-1/s3/aws4_request' },
  })
  expect(response.headers.get('content-length')).toBe(String(OLD.length))
  const reader = response.body?.getReader()
  let received = 0
  while (received < OLD.length / 2) received += (await reader?.read())?.value?.length ?? 0
  expect(received).toBe(OLD.length / 2)

  s3.inject({ kind: 'stall-body' })
  const impatience = new AbortController()
  const command = new GetObjectCommand({ Bucket: bucket, Key: 'key' })
  const { Body } = await client.send(command, { abortSignal: impatience.signal })
  const text = Body?.transformToString()
  impatience.abort()
  await expect(text).rejects.toThrow()
})

test('faults wait in line for the calls that they are meant for, and can be taken away', async () => {
  s3.inject({ kind: 'truncate', on: ({ method }) => method === 'GET' })
  s3.inject({ kind: 'throttle', on: ({ method }) => method === 'GET' })
  const removeLast = s3.inject({ kind: 'truncate', times: 2 })
  removeLast()
  await put('new')
  await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await refusal(get())).toMatchObject({ name: 'SlowDown' })
  expect(await get()).toBe('new')
})
