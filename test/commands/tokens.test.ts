import { afterAll, describe, expect, it } from 'vitest'
import { parseDatabase } from '../../src/hosts/database.js'
import { digestOfToken, hashedCell } from '../../src/hosts/token.js'
import { bucket, closeProcessWorlds, csv, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const place = 's3://dyndns.example.com/database.csv'
const hashed = hashedCell('T0KEN-1')

async function createWorld(text: string | Uint8Array) {
  const world = await startProcessWorld()
  world.s3.put(bucket, key, text)
  return world
}

describe.concurrent('rotate-token', () => {
  it('writes a new token in the place of the old one, and shows it once', async () => {
    const { dyndns53, stored } = await createWorld(csv)
    const { status, stdout, stderr } = await dyndns53('rotate-token', 'home.example.com')
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `home.example.com has a new token in ${place}\n`,
    })
    const [, token = ''] = /^home\.example\.com,([A-Za-z0-9_-]{24})\n$/.exec(stdout.toString()) ?? []
    expect(stored()).toBe(csv.toString().replace('"T0KEN ""a"", b"', token))
  })

  it('keeps a digest a digest, and makes one with --hash', async () => {
    const { dyndns53, stored } = await createWorld(`a.example.com,${hashed}\nb.example.com,T0KEN-2\n`)
    const tokens: string[] = []
    for (const args of [['a.example.com'], ['b.example.com', '--hash']]) {
      const { stdout } = await dyndns53('rotate-token', ...args, '--json')
      const { host, token } = JSON.parse(stdout.toString())
      expect(host).toBe(args[0])
      tokens.push(token)
    }
    expect(stored()).toBe(
      `a.example.com,${hashedCell(tokens[0] ?? '')}\nb.example.com,${hashedCell(tokens[1] ?? '')}\n`,
    )
  })

  it('leaves the old token on no line, not even on one that does not count', async () => {
    const { dyndns53, stored } = await createWorld('a.example.com,T0KEN-1\n# x\nA.example.com.,T0KEN-2\n')
    expect(await dyndns53('rotate-token', 'a.example.com', '--token', 'N'.repeat(20))).toMatchObject({
      status: 0,
    })
    expect(stored()).toBe(`a.example.com,${'N'.repeat(20)}\n# x\nA.example.com.,${'N'.repeat(20)}\n`)
  })

  it('changes nothing for a host that is not there', async () => {
    const { dyndns53, s3 } = await createWorld(csv)
    const { status, stdout, stderr } = await dyndns53('rotate-token', 'x.example.com')
    expect({ status, out: stdout.length, stderr }).toEqual({
      status: 1,
      out: 0,
      stderr: `dyndns53: nothing was changed: ${place} has no host x.example.com: dyndns53 list-hosts shows those that it has\n`,
    })
    expect(s3.object(bucket, key)?.body).toEqual(csv)
  })
})

describe.concurrent('hash-tokens', () => {
  it('leaves no token to be read, every token valid, and does nothing the second time', async () => {
    const { dyndns53, s3, stored } = await createWorld(`${csv}\r\na.example.com , ${hashed}\r\nbad,T0KEN\r\n`)
    const before = parseDatabase(s3.object(bucket, key)?.body ?? new Uint8Array()).database
    const first = await dyndns53('hash-tokens')
    expect(first).toMatchObject({ status: 0, stdout: Buffer.alloc(0) })
    expect(first.stderr).toMatch(/1 bad line left out.*\nhashed 2 tokens in s3:\S+: .*shown no more\n$/)
    expect(stored()).toContain(
      `\r\n\r\nhome.example.com,${hashedCell('T0KEN "a", b')}\r\nmünchen.example.com,sha256:`,
    )
    expect(stored()).toContain(`\r\na.example.com , ${hashed}\r\nbad,T0KEN\r\n`)
    const after = parseDatabase(s3.object(bucket, key)?.body ?? new Uint8Array()).database
    for (const name of before.hostnames()) expect(after.digestOf(name)).toEqual(before.digestOf(name))
    expect(after.digestOf('a.example.com')).toEqual(digestOfToken('T0KEN-1'))

    const second = await dyndns53('hash-tokens')
    expect(second).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(`no token in ${place} was plain`),
    })
    expect(s3.calls.filter(({ method }) => method === 'PUT')).toHaveLength(1)
  })
})

describe.concurrent('a wrong use is told before S3 is asked: exit status 2', () => {
  it.each<[string, string[], RegExp]>([
    ['a name that is no host name', ['add-host', 'home'], /'home' is invalid.*home\.example\.com/],
    ['one of several', ['add-host', 'a.example.com', 'b_@.example.com'], /'b_@\.example\.com' is invalid/],
    ['an address', ['rotate-token', '192.0.2.1'], /invalid/],
    ['a URL', ['remove-host', 'https://a.example.com/'], /invalid/],
    ['an empty name', ['add-host', ''], /invalid/],
    ['no name', ['add-host'], /missing required argument 'HOST'/],
    ['two names', ['rotate-token', 'a.example.com', 'b.example.com'], /too many arguments/],
    ['an empty token', ['add-host', 'a.example.com', '--token', ''], /token is empty/],
    ['a token like a digest', ['rotate-token', 'a.example.com', '--token', hashed], /sha256:/],
    [
      'a token with a line break',
      ['add-host', 'a.example.com', '--token', 'T0KEN\nb.example.com,x'],
      /line break/,
    ],
    ['too long a token', ['add-host', 'a.example.com', '--token', 'T0KEN'.repeat(820)], /4096 bytes/],
    ['no token', ['add-host', 'a.example.com', '--token'], /argument missing/],
  ])('%s', async (_, args, message) => {
    const { dyndns53, s3 } = await startProcessWorld()
    const { status, stdout, stderr } = await dyndns53(...args)
    expect({ status, out: stdout.length, stderr }).toEqual({
      status: 2,
      out: 0,
      stderr: expect.stringMatching(/^error: [^\n]+\n$/),
    })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('T0KEN')
    expect(s3.calls).toEqual([])
  })
})
