import { afterAll, describe, expect, it } from 'vitest'
import { policyAdvice } from '../../src/commands/database/name-check.js'
import { bucket, closeProcessWorlds, csv, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const place = 's3://dyndns.example.com/database.csv'
const goodToken = /^[A-Za-z0-9_-]{24}$/

/** A world with this database. */
async function createWorld(text: string | Uint8Array) {
  const world = await startProcessWorld({ zones: ['example.com'] })
  world.s3.put(bucket, key, text)
  return world
}

describe.concurrent('add-host', () => {
  it('makes a token, writes the host, and leaves every byte before it as it was', async () => {
    const { dyndns53, s3 } = await createWorld(csv)
    const { status, stdout, stderr } = await dyndns53('add-host', 'New.Example.com.')
    expect({ status, stderr }).toEqual({ status: 0, stderr: `added 1 host to ${place}\n${policyAdvice}\n` })
    const [, token = ''] = /^new\.example\.com,(\S+)\n$/.exec(stdout.toString()) ?? []
    expect(token).toMatch(goodToken)
    const added = Buffer.from(`\r\nnew.example.com,${token}\r\n`)
    expect(s3.object(bucket, key)?.body).toEqual(Buffer.concat([csv, added]))
    expect(s3.calls.at(-1)).toMatchObject({ method: 'PUT', ifMatch: expect.any(String) })
  })

  it('makes the database if there is none, with several hosts, each with its own token', async () => {
    const { dyndns53, stored, s3 } = await startProcessWorld({ zones: ['example.com'] })
    const names = ['*.dyn.example.com', 'bücher.example.com', 'home.example.com', 'HOME.example.com']
    const { status, stdout } = await dyndns53('add-host', ...names)
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: stored() })
    const rows = stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','))
    expect(rows.map(([name]) => name)).toEqual([
      '*.dyn.example.com',
      'xn--bcher-kva.example.com',
      'home.example.com',
    ])
    expect(new Set(rows.map(([, token]) => token)).size).toBe(3)
    expect(s3.calls.at(-1)).toMatchObject({ method: 'PUT', ifNoneMatch: '*' })
  })

  it('takes a token that is asked for, quotes it if need be, and warns where it is unwise', async () => {
    const { dyndns53, stored } = await createWorld('')
    const odd = await dyndns53('add-host', 'a.example.com', 'b.example.com', '--token', 'a, "b" ', '--json')
    expect(odd.status).toBe(0)
    expect(JSON.parse(odd.stdout.toString())).toEqual([
      { host: 'a.example.com', token: 'a, "b" ' },
      { host: 'b.example.com', token: 'a, "b" ' },
    ])
    expect(odd.stderr.match(/^warning: /gm)).toHaveLength(4)
    expect(odd.stderr).toMatch(/^warning: the token begins or ends with a blank/m)
    const long = await dyndns53('add-host', 'c.example.com', '--token', '-_0123456789012345678901234')
    expect(long.stderr.match(/^warning: .*24 characters.*/gm)).toHaveLength(1)
    expect(stored()).toBe(
      'a.example.com,"a, ""b"" "\nb.example.com,"a, ""b"" "\nc.example.com,-_0123456789012345678901234\n',
    )
    const good = await dyndns53('add-host', 'd.example.com', '--token', '-_012345678')
    expect(good.stderr).toMatch(/^warning: .*guessed.*\nadded/)
    expect(await dyndns53('add-host', 'e.example.com', '--token', '-_0123456789')).toMatchObject({
      status: 0,
      stdout: Buffer.from('e.example.com,-_0123456789\n'),
      stderr: `added 1 host to ${place}\n${policyAdvice}\n`,
    })
  })

  it('keeps only a digest with --hash, and shows the token this once', async () => {
    const { dyndns53, stored } = await createWorld('')
    const { stdout } = await dyndns53('add-host', 'a.example.com', '--hash')
    const [, token = ''] = stdout.toString().trimEnd().split(',')
    expect(token).toMatch(goodToken)
    expect(stored()).toMatch(/^a\.example\.com,sha256:[0-9a-f]{64}\n$/)
    expect(stored()).not.toContain(token)
  })

  it.each([
    [
      'a host that is there',
      ['new.example.com', 'home.example.com'],
      /home\.example\.com .*line 4.*rotate-token/,
    ],
    ['the same host in another spelling', ['HOME.example.com.'], /home\.example\.com/],
  ])('adds nothing where there is %s', async (_, names, message) => {
    const { dyndns53, s3 } = await createWorld(csv)
    const { status, stdout, stderr } = await dyndns53('add-host', ...names)
    expect({ status, out: stdout.length, stderr }).toEqual({
      status: 1,
      out: 0,
      stderr: expect.stringMatching(/^dyndns53: nothing was added: [^\n]+\n$/),
    })
    expect(stderr).toMatch(message)
    expect(s3.object(bucket, key)?.body).toEqual(csv)
  })

  it('adds beside bad lines, and says that there are some', async () => {
    const { dyndns53, stored } = await createWorld('home.example.com,T0KEN\nhome\nx.example.com,"T0KEN')
    const { status, stderr } = await dyndns53(
      'add-host',
      'a.example.com',
      '--token',
      'T0KEN-of-enough-length',
    )
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `${place}: 2 bad lines left out, named by check-database\nadded 1 host to ${place}\n${policyAdvice}\n`,
    })
    expect(stored()).toMatch(
      /^home.*\nhome\nx\.example\.com,"T0KEN\na\.example\.com,T0KEN-of-enough-length\n$/,
    )
  })

  it('does not spoil what is no database', async () => {
    const page = '<html>\n<body>nothing here</body>\n'
    const { dyndns53, stored } = await createWorld(page)
    const { status, stderr } = await dyndns53('add-host', 'a.example.com')
    expect({ status, stored: stored() }).toEqual({ status: 1, stored: page })
    expect(stderr).toMatch(/DYNDNS_DATABASE/)
  })
})

describe.concurrent('owners at once', () => {
  it('all hosts that are added are there, with the tokens that were shown', async () => {
    const { dyndns53, stored } = await createWorld('# ours\nhome.example.com,T0KEN')
    const names = ['a', 'b', 'c', 'd', 'e'].map((label) => `${label}.example.com`)
    const results = await Promise.all(names.map((name) => dyndns53('add-host', name)))
    expect(results.map(({ status }) => status)).toEqual(names.map(() => 0))
    const added = results.map(({ stdout }) => stdout.toString()).sort()
    const [comment, home, ...rest] = (stored() ?? '').split(/(?<=\n)/)
    expect([comment, home, rest.sort()]).toEqual(['# ours\n', 'home.example.com,T0KEN\n', added])
  })

  it('the same host is added by one of them', async () => {
    const { dyndns53, stored } = await startProcessWorld({ zones: ['example.com'] })
    const results = await Promise.all([1, 2, 3].map(() => dyndns53('add-host', 'a.example.com')))
    expect(results.map(({ status }) => status).sort()).toEqual([0, 1, 1])
    expect(results.find(({ status }) => status === 0)?.stdout.toString()).toBe(stored())
    for (const { status, stderr } of results) if (status === 1) expect(stderr).toMatch(/already/)
  })

  it('one who is faster between read and write loses nothing', async () => {
    let faster = 2
    const { dyndns53, s3, stored } = await startProcessWorld({
      zones: ['example.com'],
      s3: {
        allow({ method }) {
          if (method === 'PUT' && faster-- > 0) s3.put(bucket, key, `# other ${faster}\n${stored() ?? ''}`)
          return true
        },
      },
    })
    const { status, stdout } = await dyndns53('add-host', 'a.example.com')
    expect({ status, stored: stored() }).toEqual({ status: 0, stored: `# other 0\n# other 1\n${stdout}` })
  })

  it('two who each take out one of the last two hosts leave one of them', async () => {
    const { dyndns53, s3, stored } = await startProcessWorld({
      zones: ['example.com'],
      s3: {
        allow({ method }) {
          if (method === 'PUT') s3.put(bucket, key, 'a.example.com,T0KEN\n')
          return true
        },
      },
    })
    s3.put(bucket, key, 'a.example.com,T0KEN\nb.example.com,T0KEN\n')
    const { status, stderr } = await dyndns53('remove-host', 'a.example.com', '--yes')
    expect({ status, stored: stored() }).toEqual({ status: 1, stored: 'a.example.com,T0KEN\n' })
    expect(stderr).toMatch(/no host left/)
  })

  it('one who is always faster is told of in the end', async () => {
    const { dyndns53, s3, stored } = await startProcessWorld({
      zones: ['example.com'],
      s3: {
        allow({ method }) {
          if (method === 'PUT') s3.put(bucket, key, `${stored()}# other\n`)
          return true
        },
      },
    })
    s3.put(bucket, key, 'home.example.com,T0KEN\n')
    const { status, stdout, stderr } = await dyndns53('add-host', 'a.example.com')
    expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
    expect(stderr).toMatch(/^dyndns53: [^\n]*changed by somebody else meanwhile\n$/)
    expect(stored()).not.toContain('a.example.com')
  })
})

describe.concurrent('remove-host', () => {
  it('takes out every line of these hosts, and nothing else', async () => {
    const text =
      '# a\r\na.example.com,T0KEN\r\nb.example.com,"T0KEN"\nA.example.com,T0KEN-2\n\nc.example.com,T0KEN'
    const { dyndns53, stored } = await createWorld(text)
    const { status, stdout, stderr } = await dyndns53('remove-host', 'a.example.com', 'C.example.com', '-y')
    expect({ status, out: stdout.length }).toEqual({ status: 0, out: 0 })
    expect(stderr).toBe(`- a.example.com\n- c.example.com\nremoved 2 hosts from ${place}\n`)
    expect(stored()).toBe('# a\r\nb.example.com,"T0KEN"\n\n')
  })

  it.each([
    [
      'a host that is not there',
      ['home.example.com', 'x.example.com'],
      /nothing was changed: s3:\S+ has no host x\.example\.com: /,
    ],
    ['the last host', ['home.example.com', 'xn--mnchen-3ya.example.com'], /no host left.*rotate-token/],
  ])('takes out nothing where it is asked for %s', async (_, names, message) => {
    const { dyndns53, s3 } = await createWorld(csv)
    const { status, stderr } = await dyndns53('remove-host', ...names, '--yes')
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(message) })
    expect(s3.object(bucket, key)?.body).toEqual(csv)
  })
})

describe.concurrent('where there is no database yet', () => {
  it.each([
    ['list-hosts'],
    ['check-database'],
    ['remove-host', 'a.example.com', '--yes'],
    ['rotate-token', 'a.example.com'],
    ['hash-tokens'],
  ])('%s says so and makes none', async (...args) => {
    const { dyndns53, stored } = await startProcessWorld({ zones: ['example.com'] })
    const { status, stdout, stderr } = await dyndns53(...args)
    expect({ status, out: stdout.length, stored: stored() }).toEqual({ status: 1, out: 0, stored: undefined })
    expect(stderr).toMatch(/^dyndns53: [^\n]*DYNDNS_DATABASE[^\n]*\n$/)
  })
})
