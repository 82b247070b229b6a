import { writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { bucket, closeProcessWorlds, csv, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const place = 's3://dyndns.example.com/database.csv'

/** One of each: a duplicate host, names that are no host names, empty tokens, quotes, what is not UTF-8. */
const flawed = Buffer.concat([
  Buffer.from(
    'home.example.com,T0KEN-1\n\nhome,T0KEN\na.example.com,\nb.example.com,""\nc.example.com,"T0KEN\n192.0.2.1,T0KEN\n',
  ),
  Buffer.from('d.example.com,T0KEN\xff\n', 'latin1'),
  Buffer.from('Home.example.com,T0KEN-2\ncabin.example.com,T0KEN,x\ncabin.example.com,T0KEN'),
])

const reasons: [line: number, reason: RegExp][] = [
  [3, /not a full host name/],
  [4, /token of a\.example\.com is empty/],
  [5, /token of b\.example\.com is empty/],
  [6, /quotes do not pair/],
  [7, /not a full host name/],
  [8, /not UTF-8/],
  [9, /home\.example\.com is also on line 1/],
  [10, /3 fields/],
]

describe.concurrent('check-database', () => {
  it.each(['a file', 'S3'])('names every line of %s that is not right, in order', async (kind) => {
    const { dyndns53, s3, file } = await startProcessWorld()
    if (kind === 'S3') s3.put(bucket, key, flawed)
    else await writeFile(file('hosts.csv'), flawed)
    const name = kind === 'S3' ? place : 'hosts.csv'
    const { status, stdout, stderr } = await dyndns53(
      'check-database',
      ...(kind === 'S3' ? [] : ['hosts.csv']),
    )
    expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
    const lines = stderr.trimEnd().split('\n')
    expect(lines.pop()).toBe(`dyndns53: ${name}: 2 hosts, 7 bad lines to mend`)
    expect(lines).toEqual(
      reasons.map(([line, reason]) =>
        expect.stringMatching(new RegExp(`^${name}:${line}: .*${reason.source}`)),
      ),
    )
    expect(stderr).not.toContain('T0KEN')
  })

  it('warns of tokens that nobody types, as an upload does, and takes them', async () => {
    const { dyndns53, file, stored } = await startProcessWorld()
    await writeFile(
      file('hosts.csv'),
      'hostname,token,note\nhome.example.com,T0\u2013KEN,Anna\ncabin.example.com,T0KEN,\n',
    )
    const warned =
      /^hosts\.csv:2: the token of home\.example\.com has a word processor's dash \(U\+2013\) as character 3 of 6/
    for (const command of ['check-database', 'upload-database']) {
      const { status, stderr } = await dyndns53(command, 'hosts.csv')
      expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(warned) })
      expect(stderr).not.toContain('KEN')
    }
    expect(stored()).toContain('\u2013')
  })

  it('writes JSON for scripts', async () => {
    const { dyndns53, file } = await startProcessWorld()
    await writeFile(file('hosts.csv'), flawed)
    const { status, stdout, stderr } = await dyndns53('check-database', 'hosts.csv', '--json')
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^dyndns53: [^\n]+\n$/) })
    const { hosts, problems, warnings } = JSON.parse(stdout.toString())
    expect(hosts).toBe(2)
    expect(problems.map(({ line }: { line: number }) => line)).toEqual([3, 4, 5, 6, 7, 8, 10])
    expect(warnings).toEqual([{ line: 9, reason: expect.stringMatching(/line 1/) }])
  })

  it('needs no S3 for a file, and is content with one in order', async () => {
    const { dyndns53, s3, file } = await startProcessWorld()
    await writeFile(file('hosts.csv'), csv)
    expect(await dyndns53('check-database', 'hosts.csv')).toEqual({
      status: 0,
      stdout: Buffer.alloc(0),
      stderr: 'hosts.csv: 2 hosts, 0 bad lines, 0 warnings\n',
    })
    expect(s3.calls).toEqual([])
  })

  it.each([
    ['', 'hosts.csv has no line hostname,token'],
    ['# only words\n\nhostname,token\n', 'hosts.csv has no line hostname,token'],
  ])('fails for a file without a host: %j', async (text, sentence) => {
    const { dyndns53, file } = await startProcessWorld()
    await writeFile(file('hosts.csv'), text)
    expect(await dyndns53('check-database', 'hosts.csv')).toMatchObject({
      status: 1,
      stderr: `dyndns53: ${sentence}\n`,
    })
  })

  it.each([
    ['missing.csv', 'ENOENT'],
    ['.', 'EISDIR'],
  ])('says in one sentence that it cannot read %s', async (name, code) => {
    const { dyndns53 } = await startProcessWorld()
    for (const command of ['check-database', 'upload-database']) {
      const { status, stderr } = await dyndns53(command, name)
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringMatching(
          new RegExp(`^dyndns53: ${name} could not be read: [^\n]+ \\(${code}\\)\n$`),
        ),
      })
    }
  })
})

describe.concurrent('list-hosts', () => {
  it('writes the names that count, one a line, and says that lines are bad', async () => {
    const { dyndns53, s3 } = await startProcessWorld()
    s3.put(bucket, key, flawed)
    expect(await dyndns53('list-hosts')).toEqual({
      status: 0,
      stdout: Buffer.from('home.example.com\ncabin.example.com\n'),
      stderr: `${place}: 7 bad lines left out, named by check-database\n`,
    })
  })

  it('writes JSON with the line that counts, and never a token', async () => {
    const { dyndns53, s3 } = await startProcessWorld()
    s3.put(bucket, key, Buffer.concat([flawed, Buffer.from(`\nx.example.com,sha256:${'0'.repeat(64)}`)]))
    const { status, stdout } = await dyndns53('list-hosts', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout.toString())).toEqual([
      { host: 'home.example.com', line: 9, token: 'plain' },
      { host: 'cabin.example.com', line: 11, token: 'plain' },
      { host: 'x.example.com', line: 12, token: 'hashed' },
    ])
    expect(stdout.toString()).not.toMatch(/T0KEN|0000/)
  })

  it('writes nothing for a database without a host', async () => {
    const { dyndns53, s3 } = await startProcessWorld()
    s3.put(bucket, key, '# none\n')
    expect(await dyndns53('list-hosts')).toEqual({ status: 0, stdout: Buffer.alloc(0), stderr: '' })
    expect(JSON.parse((await dyndns53('list-hosts', '--json')).stdout.toString())).toEqual([])
  })
})
