import { afterAll, describe, expect, it } from 'vitest'
import { parseDatabase } from '../../src/hosts/database.js'
import { digestOfToken, hashedCell } from '../../src/hosts/token.js'
import { runShell } from '../support/cli-process.js'
import { hasTerminals, runAtTerminal } from '../support/cli-terminal.js'
import { bucket, closeProcessWorlds, csv, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const place = 's3://dyndns.example.com/database.csv'
const hashed = hashedCell('T0KEN-1')

async function createWorld(text: string | Uint8Array) {
  const world = await startProcessWorld({ zones: ['example.com'] })
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
    const first = await dyndns53('hash-tokens', '--yes')
    expect(first).toMatchObject({ status: 0, stdout: Buffer.alloc(0) })
    expect(first.stderr).toMatch(
      /1 bad line left out.*\nhashed 2 tokens in s3:\S+: .*shown no more\nif the bucket keeps versions, the older ones still hold the plain tokens: .*\n$/,
    )
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

describe.concurrent('hash-tokens asks', () => {
  it('and hashes nothing where there is nobody to ask', async () => {
    const { dyndns53, s3 } = await createWorld(csv)
    const { status, stderr } = await dyndns53('hash-tokens')
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `dyndns53: nothing was written: nobody could read 2 tokens in ${place} any more, and there is no terminal to ask at; say --yes to go on\n`,
    })
    expect(s3.object(bucket, key)?.body).toEqual(csv)
  })

  it.skipIf(!hasTerminals)('at a terminal; a no leaves all as it is, a yes hashes', async () => {
    const world = await createWorld(csv)
    const no = await runAtTerminal(world, ['hash-tokens'], 'n\n')
    expect(no).toMatchObject({ status: 1, isSane: true })
    expect(world.s3.object(bucket, key)?.body).toEqual(csv)
    const yes = await runAtTerminal(world, ['hash-tokens'], 'y\n')
    expect(yes).toMatchObject({ status: 0, isSane: true })
    expect(yes.printed).toContain('the older ones still hold the plain tokens')
    expect(world.stored()).not.toContain('T0KEN')
  })
})

describe.concurrent('a database of digests gets digests', () => {
  it('from add-host and rotate-token, without --hash', async () => {
    const { dyndns53, stored } = await createWorld(`a.example.com,${hashed}\n`)
    const tokens: string[] = []
    for (const args of [
      ['add-host', 'b.example.com'],
      ['rotate-token', 'a.example.com'],
    ]) {
      const { status, stdout } = await dyndns53(...args)
      expect(status).toBe(0)
      tokens.push(stdout.toString().trim().split(',')[1] ?? '')
    }
    const [b = '', a = ''] = tokens
    expect(stored()).toBe(`a.example.com,${hashedCell(a)}\nb.example.com,${hashedCell(b)}\n`)
  })

  it('and not where one token is plain', async () => {
    const { dyndns53, stored } = await createWorld(`a.example.com,${hashed}\nb.example.com,T0KEN\n`)
    const { stdout } = await dyndns53('add-host', 'c.example.com')
    expect(stored()?.endsWith(stdout.toString())).toBe(true)
  })
})

describe.concurrent('a token on standard input', () => {
  const token = 'chosen-by-the-owner-1234'

  it.each([
    ['add-host b.example.com', `${token}\n`],
    ['add-host b.example.com', token],
    ['rotate-token a.example.com', `${token}\r\n`],
  ])('is that of %s', async (command, typed) => {
    const { env, directory, stored } = await createWorld('a.example.com,T0KEN\n')
    const line = `printf %s "$TYPED" | dyndns53 ${command} --token -`
    const { status, stdout } = await runShell(line, { ...env, TYPED: typed }, directory)
    const host = command.split(' ')[1]
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: `${host},${token}\n` })
    expect(stored()).toContain(`${host},${token}\n`)
  })

  it.each([
    ['', /token is empty/],
    ['a\nb\n', /line break/],
    ['SHA256:abc', /begins with sha256:/],
  ])('is refused if it is %j, before S3 is asked', async (typed, message) => {
    const { env, directory, s3 } = await createWorld(csv)
    const line = 'printf %s "$TYPED" | dyndns53 add-host b.example.com --token -'
    const { status, stderr } = await runShell(line, { ...env, TYPED: typed }, directory)
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) })
    expect(s3.calls).toEqual([])
  })

  it.skipIf(!hasTerminals)('is asked for at a terminal', async () => {
    const world = await createWorld('a.example.com,T0KEN\n')
    const { status, isSane } = await runAtTerminal(
      world,
      ['add-host', 'b.example.com', '--token', '-'],
      `${token}\n`,
    )
    expect({ status, isSane, stored: world.stored() }).toEqual({
      status: 0,
      isSane: true,
      stored: `a.example.com,T0KEN\nb.example.com,${token}\n`,
    })
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
