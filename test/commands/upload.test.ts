import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli, runShell } from '../support/cli-process.js'
import { bucket, closeProcessWorlds, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const base = 'home.example.com,T0KEN-1\ncabin.example.com,T0KEN-2\n'
const place = 's3://dyndns.example.com/database.csv'
const overtaken =
  /^dyndns53: s3:.* was changed by somebody else meanwhile, and \S+ was not uploaded: [^\n]+\n$/m

/** A world with the base in S3, downloaded to hosts.csv. */
async function createDownloaded() {
  const world = await startProcessWorld({ zones: ['example.com'] })
  world.s3.put(bucket, key, base)
  expect(await world.dyndns53('download-database', 'hosts.csv')).toMatchObject({ status: 0 })
  return world
}

describe.concurrent('upload-database shows the difference', () => {
  it('in names: hosts that come, change and go, and never a token', async () => {
    const { dyndns53, s3, file } = await startProcessWorld()
    s3.put(bucket, key, base)
    await writeFile(file('hosts.csv'), 'cabin.example.com,T0KEN-3\nnew.example.com,T0KEN-4\n')
    const { status, stdout, stderr } = await dyndns53('upload-database', 'hosts.csv', '--yes')
    expect({ status, stdout: stdout.length }).toEqual({ status: 0, stdout: 0 })
    expect(stderr).toBe(
      '+ new.example.com\n~ cabin.example.com (token changed)\n- home.example.com\nuploaded hosts.csv: 2 hosts\n',
    )
  })

  it('and sums up a long list', async () => {
    const { dyndns53, s3, file } = await startProcessWorld()
    s3.put(bucket, key, base)
    const lines = Array.from({ length: 500 }, (_, index) => `h${index}.example.com,T0KEN\n`)
    await writeFile(file('hosts.csv'), base + lines.join(''))
    const { stderr } = await dyndns53('upload-database', 'hosts.csv')
    expect(stderr).toContain('+ h19.example.com\n… and 480 more\nuploaded hosts.csv: 502 hosts\n')
  })

  it('only, in a dry run', async () => {
    const { dyndns53, stored, file } = await createDownloaded()
    const note = await readFile(file('hosts.csv.etag'))
    await writeFile(file('hosts.csv'), 'new.example.com,T0KEN\n')
    const { status, stderr } = await dyndns53('upload-database', 'hosts.csv', '--dry-run')
    expect({ status, stored: stored() }).toEqual({ status: 0, stored: base })
    expect(stderr).toMatch(
      /^\+ new.*\n- home.*\n- cabin.*\nhosts\.csv was not uploaded: this is a dry run\n$/,
    )
    expect(await readFile(file('hosts.csv.etag'))).toEqual(note)
  })

  it('where only a comment differs', async () => {
    const { dyndns53, stored, file } = await createDownloaded()
    await writeFile(file('hosts.csv'), `# Ours\n${base}`)
    const { stderr } = await dyndns53('upload-database', 'hosts.csv')
    expect(stderr).toBe('the hosts are the same\nuploaded hosts.csv: 2 hosts\n')
    expect(stored()).toBe(`# Ours\n${base}`)
  })

  it('and writes nothing where there is none', async () => {
    const { dyndns53, s3 } = await createDownloaded()
    const { status, stderr } = await dyndns53('upload-database', 'hosts.csv')
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `${place} is the same as hosts.csv already: 2 hosts\n`,
    })
    expect(s3.calls.filter(({ method }) => method === 'PUT')).toEqual([])
  })
})

describe.concurrent('two owners at once', () => {
  it('who both downloaded: one wins, the other is told and keeps their file', async () => {
    const { dyndns53, stored, file } = await createDownloaded()
    await dyndns53('download-database', 'other.csv')
    const texts: Record<string, string> = {
      'hosts.csv': `${base}a.example.com,T0KEN-A\n`,
      'other.csv': `${base}b.example.com,T0KEN-B\n`,
    }
    for (const [name, text] of Object.entries(texts)) await writeFile(file(name), text)
    const results = await Promise.all(Object.keys(texts).map((name) => dyndns53('upload-database', name)))
    expect(results.map(({ status }) => status).sort()).toEqual([0, 1])
    const winner = results[0]?.status === 0 ? 'hosts.csv' : 'other.csv'
    expect(stored()).toBe(texts[winner])
    const loser = results.find(({ status }) => status === 1)
    expect(loser?.stderr).toMatch(overtaken)
    expect(loser?.stderr).not.toContain('T0KEN')
    for (const [name, text] of Object.entries(texts)) expect(await readFile(file(name), 'utf8')).toBe(text)
  })

  it('the loser can do as they are told, and then nothing is lost', async () => {
    const { dyndns53, stored, file } = await createDownloaded()
    const added = await dyndns53('add-host', 'new.example.com', '--token', 'T0KEN-of-enough-length')
    expect(added).toMatchObject({ status: 0 })
    await writeFile(file('hosts.csv'), `${base}mine.example.com,T0KEN\n`)
    expect(await dyndns53('upload-database', 'hosts.csv', '--yes')).toMatchObject({ status: 1 })
    await dyndns53('download-database', 'newer.csv')
    const newer = `${await readFile(file('newer.csv'), 'utf8')}mine.example.com,T0KEN\n`
    await writeFile(file('newer.csv'), newer)
    expect(await dyndns53('upload-database', 'newer.csv')).toMatchObject({ status: 0 })
    expect(stored()).toBe(newer)
    expect(newer).toContain('new.example.com,T0KEN-of-enough-length\n')
  })

  it.each(['refused by S3 (412)', 'told to wait by S3 (409)'])(
    'between the look and the write: %s',
    async (kind) => {
      const { dyndns53, s3, stored, file } = await startProcessWorld({
        s3: {
          allow({ method }) {
            if (method === 'PUT' && kind.includes('412')) s3.put(bucket, key, `${base}# other\n`)
            return true
          },
        },
      })
      s3.put(bucket, key, base)
      if (kind.includes('409')) {
        const conflict = {
          status: 409,
          code: 'ConditionalRequestConflict',
          message: 'A conflicting operation',
        }
        s3.inject({ kind: 'refuse', ...conflict, on: ({ method }) => method === 'PUT' })
      }
      const mine = `${base}mine.example.com,T0KEN\n`
      await writeFile(file('hosts.csv'), mine)
      const { status, stderr } = await dyndns53('upload-database', 'hosts.csv')
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(overtaken) })
      expect(stored()).not.toBe(mine)
      expect(await readFile(file('hosts.csv'), 'utf8')).toBe(mine)
    },
  )

  it('at the first upload of all', async () => {
    const { dyndns53, s3, stored, file } = await startProcessWorld({
      s3: {
        allow({ method }) {
          if (method === 'PUT') s3.put(bucket, key, base)
          return true
        },
      },
    })
    await writeFile(file('hosts.csv'), 'mine.example.com,T0KEN\n')
    const { status, stderr } = await dyndns53('upload-database', 'hosts.csv')
    expect({ status, stored: stored() }).toEqual({ status: 1, stored: base })
    expect(stderr).toMatch(overtaken)
    expect(s3.calls.at(-2)).toMatchObject({ method: 'PUT', ifNoneMatch: '*', status: 412 })
  })

  it('one who takes the database away is noticed too', async () => {
    const { dyndns53, s3, stored, file } = await createDownloaded()
    s3.remove(bucket, key)
    await writeFile(file('hosts.csv'), `${base}mine.example.com,T0KEN\n`)
    const { status, stderr } = await dyndns53('upload-database', 'hosts.csv')
    expect({ status, stored: stored() }).toEqual({ status: 1, stored: undefined })
    expect(stderr).toMatch(/hosts\.csv\.etag/)
  })
})

describe.concurrent('the note beside a downloaded file', () => {
  it('names the version, and each upload renews it', async () => {
    const { dyndns53, s3, file } = await createDownloaded()
    const note = () => readFile(file('hosts.csv.etag'), 'utf8')
    const expected = () => {
      const { etag = '', body = '' } = s3.object(bucket, key) ?? {}
      return `${etag}\n${place}\nsha256:${createHash('sha256').update(body).digest('hex')}\n`
    }
    expect(await note()).toBe(expected())
    for (const name of ['a', 'b']) {
      await writeFile(file('hosts.csv'), `${base}${name}.example.com,T0KEN\n`)
      expect(await dyndns53('upload-database', 'hosts.csv', '--yes')).toMatchObject({ status: 0 })
      expect(await note()).toBe(expected())
    }
  })

  it('does not speak of another database', async () => {
    const { s3, env, directory, file } = await createDownloaded()
    s3.put(bucket, 'other.csv', 'home.example.com,T0KEN\n')
    await writeFile(file('hosts.csv'), `${base}# copied\n`)
    const other = { ...env, DYNDNS_DATABASE: 'other.csv' }
    expect(await runCli(['upload-database', 'hosts.csv'], other, directory)).toMatchObject({ status: 0 })
    expect(s3.object(bucket, 'other.csv')?.body.toString()).toBe(`${base}# copied\n`)
  })

  it('is needed by nobody: without it, the version just shown is the one', async () => {
    const { dyndns53, s3, stored, file, files } = await createDownloaded()
    await rm(file('hosts.csv.etag'))
    s3.put(bucket, key, `${base}# other\n`)
    await writeFile(file('hosts.csv'), `${base}# mine\n`)
    expect(await dyndns53('upload-database', 'hosts.csv')).toMatchObject({ status: 0 })
    expect(stored()).toBe(`${base}# mine\n`)
    expect(await files()).toEqual(['hosts.csv'])
  })

  it.each(['', 'nonsense', '"abc"', `"abc"\n${place}\n`, '"abc"\nelsewhere\n'])(
    'is refused if it is %j',
    async (text) => {
      const { dyndns53, stored, file } = await createDownloaded()
      await writeFile(file('hosts.csv'), `${base}# mine\n`)
      await writeFile(file('hosts.csv.etag'), text)
      const { status, stderr } = await dyndns53('upload-database', 'hosts.csv')
      expect({ status, stored: stored() }).toEqual({ status: 1, stored: base })
      expect(stderr).toMatch(/^dyndns53: hosts\.csv\.etag is not .*remove it\n$/)
    },
  )
})

describe.concurrent('upload-database -', () => {
  it('takes standard input, and leaves no note', async () => {
    const { env, directory, s3, stored, files } = await startProcessWorld()
    s3.put(bucket, key, base)
    const newer = `${base}new.example.com,T0KEN-4\n`
    const line = 'printf %s "$TYPED" | dyndns53 upload-database -'
    const { status, stderr } = await runShell(line, { ...env, TYPED: newer }, directory)
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: '+ new.example.com\nuploaded standard input: 3 hosts\n',
    })
    expect({ stored: stored(), files: await files() }).toEqual({ stored: newer, files: [] })
  })

  it.each([
    ['', /^dyndns53: standard input was not uploaded: it has no line hostname,token\n$/],
    ['home\n', /^dyndns53: standard input was not uploaded, mend it first: line 1: [^\n]+\n$/],
    [
      'home.example.com,T0KEN-1\n',
      /^- cabin.*\ndyndns53: nothing was written: 1 host would vanish .*--yes.*\n$/,
    ],
  ])('and leaves the database as it is for %j', async (typed, message) => {
    const { env, directory, s3, stored } = await startProcessWorld()
    s3.put(bucket, key, base)
    const line = 'printf %s "$TYPED" | dyndns53 upload-database -'
    const { status, stderr } = await runShell(line, { ...env, TYPED: typed }, directory)
    expect({ status, stderr, stored: stored() }).toEqual({
      status: 1,
      stderr: expect.stringMatching(message),
      stored: base,
    })
  })
})
