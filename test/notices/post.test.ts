import { afterEach, describe, expect, it } from 'vitest'
import { createPost } from '../../src/notices/post.js'
import { type Receiver, type Reply, startReceiver, status } from './receiver.js'

const open: Receiver[] = []
afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close()
})

/** What comes of a request that is answered so. */
async function resultOf(
  reply: Reply | undefined,
  { timeoutMs = 10_000, signal = new AbortController().signal } = {},
) {
  const receiver = await startReceiver(reply)
  open.push(receiver)
  const url = `http://${receiver.host}/hooks/S3CR3T-hook?key=S3CR3T-key`
  const request = {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: '{"a":"ü"}',
    secrets: ['S3CR3T-hook', 'S3CR3T-key'],
  } as const
  return { result: await createPost(timeoutMs)(request, signal), receiver }
}

describe('a request', () => {
  it('comes as it is, and with a name', async () => {
    const { result, receiver } = await resultOf(undefined)
    expect(result).toEqual({ kind: 'sent', status: 200, words: 'ok' })
    expect(receiver.received).toMatchObject([
      {
        method: 'POST',
        path: '/hooks/S3CR3T-hook?key=S3CR3T-key',
        headers: { 'content-type': 'application/json', 'user-agent': 'dyndns53' },
        body: '{"a":"ü"}',
      },
    ])
  })

  it('follows no redirect', async () => {
    const elsewhere = await startReceiver()
    open.push(elsewhere)
    for (const code of [301, 302, 303, 307, 308]) {
      const { result } = await resultOf(status(code, '', { location: `http://${elsewhere.host}/` }))
      expect(result).toMatchObject({
        kind: 'failed',
        isFinal: true,
        reason: `status ${code}: a redirect, which is not followed`,
      })
    }
    expect(elsewhere.received).toEqual([])
  })

  it.each([
    [400, true],
    [401, true],
    [403, true],
    [404, true],
    [408, false],
    [410, true],
    [429, false],
    [500, false],
    [502, false],
    [503, false],
  ])('with status %i has failed, for good: %s', async (code, isFinal) => {
    const { result } = await resultOf(status(code, 'no\r\n  \u0007service'))
    expect(result).toMatchObject({ kind: 'failed', isFinal, reason: `status ${code}: no service` })
  })

  it('is given up in time, whether the head or the rest does not come', async () => {
    const silent: Reply = () => {}
    const halting: Reply = (response) => void response.writeHead(200).write('o')
    for (const reply of [silent, halting]) {
      const { result } = await resultOf(reply, { timeoutMs: 200 })
      expect(result).toMatchObject({ kind: 'failed', isFinal: false, reason: 'no answer within 0.2 s' })
    }
  })

  it('ends when it is ended', async () => {
    const ending = new AbortController()
    setTimeout(() => ending.abort(), 50)
    const { result } = await resultOf(() => {}, { signal: ending.signal })
    expect(result).toMatchObject({ kind: 'failed', isFinal: false })
  })

  it('to where nobody is says so, in a word', async () => {
    const receiver = await startReceiver()
    await receiver.close()
    const request = {
      method: 'GET',
      url: `http://${receiver.host}/S3CR3T`,
      headers: {},
      body: undefined,
      secrets: [],
    } as const
    expect(await createPost(1000)(request, new AbortController().signal)).toEqual({
      kind: 'failed',
      reason: 'ECONNREFUSED',
      isFinal: false,
      retryAfterMs: undefined,
    })
  })

  it('does not wait for an answer without an end', async () => {
    const endless: Reply = (response) => {
      const timer = setInterval(() => response.write('x'.repeat(1000)), 1)
      response.on('close', () => clearInterval(timer))
    }
    const { result } = await resultOf(endless)
    expect(result).toEqual({ kind: 'sent', status: 200, words: 'x'.repeat(200) })
  })
})

describe('what is repeated of an answer', () => {
  it.each(['no S3CR3T-hook here', '{"error":"S3CR3T-key is wrong"}'])('is nothing of %j', async (body) => {
    for (const code of [200, 500]) {
      const { result } = await resultOf(status(code, body))
      expect(JSON.stringify(result)).not.toContain('S3CR3T')
    }
  })
})

describe('how long to wait', () => {
  it.each<[Record<string, string>, string, number | undefined]>([
    [{ 'retry-after': '7' }, '', 7000],
    [{ 'retry-after': '0' }, '', 0],
    [{}, '{"ok":false,"error_code":429,"parameters":{"retry_after":35}}', 35_000],
    [{}, '{"message":"You are being rate limited.","retry_after":0.65,"global":false}', 650],
    [{ 'retry-after': 'soon' }, '', undefined],
    [{}, '', undefined],
  ])('is read from %j %s', async (headers, body, retryAfterMs) => {
    const { result } = await resultOf(status(429, body, headers))
    expect(result).toMatchObject({ retryAfterMs })
  })

  it('is read from a date', async () => {
    const at = (ms: number) => ({ 'retry-after': new Date(Date.now() + ms).toUTCString() })
    const { result: later } = await resultOf(status(503, '', at(3_600_000)))
    expect('retryAfterMs' in later && later.retryAfterMs).toBeGreaterThan(3_500_000)
    const { result: past } = await resultOf(status(503, '', at(-3_600_000)))
    expect(past).toMatchObject({ retryAfterMs: 0 })
  })
})
