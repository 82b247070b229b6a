import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { bucket, closeProcessWorlds, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const mebibyte = 1024 * 1024
const host = 'home.example.com,T0KEN\n'

/** A database with comments up to this size. */
const padded = (size: number) =>
  Buffer.concat([Buffer.from(host), Buffer.alloc(size - host.length, '# comment\n')])

/** Bytes without any order, the same in every run. */
const junk = Buffer.concat(
  Array.from({ length: 30_000 }, (_, index) => createHash('sha256').update(String(index)).digest()),
)

/** What a failed command may say, however large the input: a little, with no token and no stack. */
function expectSentence({
  status,
  stdout,
  stderr,
}: {
  status: number | null
  stdout: Buffer
  stderr: string
}): void {
  expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
  expect(stderr).toMatch(/^dyndns53: [^\n]+\n$/)
  expect(stderr.length).toBeLessThan(5000)
  expect(stderr).not.toMatch(/T0KEN|\n\s+at /)
}

describe('a file', () => {
  it('of 50 MB goes up and comes down', async () => {
    const { dyndns53, s3, file } = await startProcessWorld({ zones: ['example.com'] })
    const bytes = padded(50_000_000)
    await writeFile(file('hosts.csv'), bytes)
    expect(await dyndns53('upload-database', 'hosts.csv')).toMatchObject({
      status: 0,
      stderr: '+ home.example.com\nuploaded hosts.csv: 1 host\n',
    })
    expect(s3.object(bucket, key)?.body.equals(bytes)).toBe(true)
    const { status, stdout } = await dyndns53('download-database')
    expect(status).toBe(0)
    expect(stdout.equals(bytes)).toBe(true)
  })

  it('of more than 64 MiB is refused, wherever it lies, and no host grows it so far', async () => {
    const { dyndns53, s3, file, stored } = await startProcessWorld({ zones: ['example.com'] })
    await writeFile(file('hosts.csv'), padded(64 * mebibyte + 1))
    s3.put(bucket, key, padded(64 * mebibyte))
    for (const args of [
      ['upload-database', 'hosts.csv'],
      ['check-database', 'hosts.csv'],
      ['add-host', 'a.example.com'],
    ]) {
      const result = await dyndns53(...args)
      expectSentence(result)
      expect(result.stderr).toMatch(/64 MiB/)
    }
    expect(stored()?.length).toBe(64 * mebibyte)
    s3.put(bucket, key, padded(64 * mebibyte + 1))
    expectSentence(await dyndns53('list-hosts'))
  })

  it('of binary junk is refused', async () => {
    const { dyndns53, stored, file } = await startProcessWorld({ zones: ['example.com'] })
    await writeFile(file('hosts.csv'), junk)
    const upload = await dyndns53('upload-database', 'hosts.csv')
    expectSentence(upload)
    expect(upload.stderr).toMatch(/line 1: .*and \d+ more\n$/)
    expect(stored()).toBeUndefined()
    const check = await dyndns53('check-database', 'hosts.csv')
    expect(check).toMatchObject({ status: 1, stdout: Buffer.alloc(0) })
    expect(check.stderr).toMatch(/^hosts\.csv:1: [\x20-\x7e\n]+$/)
  })

  it.each([
    ['no comma', 'T0KEN'.repeat(2_000_000), /line 1: the token is missing/],
    [
      'a quote that is not closed',
      `home.example.com,"${'T0KEN'.repeat(2_000_000)}`,
      /line 1: its double quotes/,
    ],
    ['too long a token', `home.example.com,${'T0KEN'.repeat(2_000_000)}`, /line 1: .*longer than 4096 bytes/],
    ['commas only', ','.repeat(10_000_000), /line 1: 10000001 fields/],
    [
      'too long a token in quotes',
      `home.example.com,"${'T0KEN'.repeat(2_000_000)}"`,
      /line 1: .*longer than 4096 bytes/,
    ],
    ['quotes alone', '"'.repeat(10_000_001), /line 1: its double quotes/],
  ])('with a line of 10 MB (%s) is refused', async (_, line, reason) => {
    const { dyndns53, stored, file } = await startProcessWorld({ zones: ['example.com'] })
    await writeFile(file('hosts.csv'), `${line}\n${host}`)
    const upload = await dyndns53('upload-database', 'hosts.csv')
    expectSentence(upload)
    expect(upload.stderr).toMatch(reason)
    expect(stored()).toBeUndefined()
  })

  it('with a million bad lines is refused with some of them', async () => {
    const { dyndns53, file } = await startProcessWorld({ zones: ['example.com'] })
    await writeFile(file('hosts.csv'), host + 'T0KEN\n'.repeat(1_000_000))
    const upload = await dyndns53('upload-database', 'hosts.csv')
    expectSentence(upload)
    expect(upload.stderr).toMatch(/line 21: .*and 999980 more\n$/)
  })
})

describe('what is in S3', () => {
  it('and binary junk, is left alone, and comes down as it is', async () => {
    const { dyndns53, s3 } = await startProcessWorld({ zones: ['example.com'] })
    s3.put(bucket, key, junk)
    for (const args of [['add-host', 'a.example.com'], ['hash-tokens'], ['rotate-token', 'a.example.com']]) {
      expectSentence(await dyndns53(...args))
    }
    expect(s3.calls.filter(({ method }) => method === 'PUT')).toEqual([])
    const list = await dyndns53('list-hosts')
    expect(list).toMatchObject({ status: 0, stdout: Buffer.alloc(0) })
    expect(list.stderr).toMatch(/^s3:\S+: \d+ bad lines left out, named by check-database\n$/)
    expect((await dyndns53('download-database')).stdout.equals(junk)).toBe(true)
  })

  it('with a million hosts, is listed and edited', async () => {
    const { dyndns53, s3 } = await startProcessWorld({ zones: ['example.com'] })
    const lines = Array.from({ length: 1_000_000 }, (_, index) => `h${index}.example.com,T0KEN-${index}\n`)
    const bytes = Buffer.from(lines.join(''))
    s3.put(bucket, key, bytes)
    const { status, stdout } = await dyndns53('add-host', 'new.example.com')
    expect(status).toBe(0)
    expect(s3.object(bucket, key)?.body.equals(Buffer.concat([bytes, stdout]))).toBe(true)
    const list = await dyndns53('list-hosts')
    expect(list.stdout.toString()).toMatch(
      /^h0\.example\.com\n(h\d+\.example\.com\n)*h999999\.example\.com\nnew\.example\.com\n$/,
    )
  }, 300_000)
})
