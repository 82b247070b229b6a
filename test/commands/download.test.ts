import { execFileSync } from 'node:child_process'
import { lstat, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { runShell } from '../support/cli-process.js'
import { bucket, closeProcessWorlds, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const csv = 'home.example.com,T0KEN-1\n'
const isPosix = process.platform !== 'win32'

async function createWorld() {
  const world = await startProcessWorld()
  world.s3.put(bucket, key, csv)
  return world
}

describe.concurrent('download-database through a link', () => {
  it.each([
    ['to a file in another directory', 'old'],
    ['that leads nowhere yet', undefined],
  ])('%s writes what it leads to, and keeps the link', async (_, old) => {
    const { dyndns53, file, files } = await createWorld()
    await mkdir(file('there'))
    if (old !== undefined) await writeFile(file('there/real.csv'), old)
    await symlink('there/real.csv', file('middle.csv'))
    await symlink('middle.csv', file('hosts.csv'))
    expect(await dyndns53('download-database', '--force', 'hosts.csv')).toMatchObject({ status: 0 })
    expect(await readFile(file('there/real.csv'), 'utf8')).toBe(csv)
    expect(await readlink(file('hosts.csv'))).toBe('middle.csv')
    expect(await files()).toEqual(['hosts.csv', 'hosts.csv.etag', 'middle.csv', 'there'])
  })

  it('in a circle fails in one sentence', async () => {
    const { dyndns53, file } = await createWorld()
    await symlink('hosts.csv', file('hosts.csv'))
    const { status, stderr } = await dyndns53('download-database', 'hosts.csv')
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^dyndns53: hosts\.csv could not be written: [^\n]+ \(ELOOP\)\n$/),
    })
  })
})

describe.skipIf(!isPosix)('download-database to what is no file', { concurrent: true }, () => {
  it('writes into a pipe and leaves it there, with no note beside it', async () => {
    const { env, directory, file, files } = await createWorld()
    execFileSync('mkfifo', [file('pipe')])
    const line = 'cat pipe & dyndns53 download-database pipe; status=$?; wait; exit $status'
    const { status, stdout } = await runShell(line, env, directory)
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: csv })
    expect((await lstat(file('pipe'))).isFIFO()).toBe(true)
    expect(await files()).toEqual(['pipe'])
  })

  it('writes into a device', async () => {
    const { dyndns53 } = await createWorld()
    expect(await dyndns53('download-database', '/dev/null')).toMatchObject({ status: 0 })
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true)
  })

  it('takes /dev/stdout for what it is, a pipe or a file', async () => {
    const { env, directory, file, files } = await createWorld()
    const line = '(echo "# first"; dyndns53 download-database /dev/stdout)'
    expect(await runShell(`${line} | cat`, env, directory)).toMatchObject({
      stdout: Buffer.from(`# first\n${csv}`),
    })
    expect(await runShell(`${line} > out.csv`, env, directory)).toMatchObject({ status: 0 })
    expect(await readFile(file('out.csv'), 'utf8')).toBe(`# first\n${csv}`)
    expect(await files()).toEqual(['out.csv'])
  })

  it.each([
    ['/dev/full', 'ENOSPC'],
    ['.', 'EISDIR'],
    ['missing/hosts.csv', 'ENOENT'],
  ])('names %s and what is wrong with it', async (target, code) => {
    const { dyndns53, files } = await createWorld()
    const { status, stderr } = await dyndns53('download-database', target)
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        new RegExp(`^dyndns53: ${target} could not be written: [^\n]+ \\(${code}\\)\n$`),
      ),
    })
    expect(await files()).toEqual([])
  })
})

describe.concurrent('when S3 breaks off', () => {
  it.each(['truncate', 'stall-body'] as const)(
    'in the middle of the body (%s), the old file stays',
    async (kind) => {
      const { dyndns53, s3, file, files } = await createWorld()
      s3.put(bucket, key, `${csv}#${'-'.repeat(200_000)}\n`)
      s3.inject({ kind, times: 9 })
      await writeFile(file('hosts.csv'), 'old')
      const { status, stderr } = await dyndns53('download-database', '--force', 'hosts.csv')
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^dyndns53: [^\n]+\n$/) })
      expect(await readFile(file('hosts.csv'), 'utf8')).toBe('old')
      expect(await files()).toEqual(['hosts.csv'])
    },
  )
})

describe.concurrent('download-database over a file that is there', () => {
  const newer = `${csv}cabin.example.com,T0KEN-2\n`

  it('overwrites what was downloaded and is as it was', async () => {
    const { dyndns53, s3, file } = await createWorld()
    for (const text of [csv, newer, newer]) {
      s3.put(bucket, key, text)
      expect(await dyndns53('download-database', 'hosts.csv')).toMatchObject({ status: 0 })
      expect(await readFile(file('hosts.csv'), 'utf8')).toBe(text)
    }
  })

  it('overwrites what was edited and uploaded', async () => {
    const { dyndns53, s3, file } = await createWorld()
    await dyndns53('download-database', 'hosts.csv')
    await writeFile(file('hosts.csv'), newer)
    expect(await dyndns53('upload-database', 'hosts.csv')).toMatchObject({ status: 0 })
    s3.put(bucket, key, csv)
    expect(await dyndns53('download-database', 'hosts.csv')).toMatchObject({ status: 0 })
    expect(await readFile(file('hosts.csv'), 'utf8')).toBe(csv)
  })

  it.each([
    ['was edited since', true, `${csv}# mine\n`],
    ['was never downloaded', false, 'a letter to Anna\n'],
    ['is empty, and was never downloaded', false, ''],
  ])('leaves a file that %s, and its note, unless told --force', async (_, isDownloaded, text) => {
    const { dyndns53, s3, file, files } = await createWorld()
    if (isDownloaded) await dyndns53('download-database', 'hosts.csv')
    const before = await files()
    s3.put(bucket, key, newer)
    await writeFile(file('hosts.csv'), text)
    const { status, stderr } = await dyndns53('download-database', 'hosts.csv')
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        /^dyndns53: hosts\.csv is there and is not what was downloaded last, .*--force.*\n$/,
      ),
    })
    expect(await readFile(file('hosts.csv'), 'utf8')).toBe(text)
    expect(await files()).toEqual([...new Set([...before, 'hosts.csv'])].sort())
    expect(await dyndns53('download-database', '--force', 'hosts.csv')).toMatchObject({ status: 0 })
    expect(await readFile(file('hosts.csv'), 'utf8')).toBe(newer)
  })

  it('has nothing against a file that is the database already', async () => {
    const { dyndns53, file } = await createWorld()
    await writeFile(file('hosts.csv'), csv)
    expect(await dyndns53('download-database', 'hosts.csv')).toMatchObject({ status: 0 })
  })
})
