import { existsSync } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli, runShell } from './support/cli-process.js'
import { bucket, closeProcessWorlds, csv, key, startProcessWorld } from './support/processes.js'

afterAll(closeProcessWorlds)

const oneSentence = /^dyndns53: [^\n]+\n$/

// npm makes it so when it first links the package, and a build makes the file anew.
it('may be executed', async () => {
  const { mode } = await stat(new URL('../dist/cli.js', import.meta.url))
  expect(mode & 0o111).toBe(0o111)
})

describe.concurrent('download-database', () => {
  it('writes the database to standard output, byte for byte, and nothing else', async () => {
    const { s3, env } = await startProcessWorld()
    const bytes = Buffer.concat([csv, Buffer.alloc(500_000, '\n# \xff\0', 'latin1')])
    s3.put(bucket, key, bytes)
    const { status, stdout, stderr } = await runCli(['download-database'], env)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.equals(bytes)).toBe(true)
  })

  it('writes it to a file that only the owner may read, even over one that all may', async () => {
    const { s3, env, directory, file, files } = await startProcessWorld()
    s3.put(bucket, key, csv)
    await writeFile(file('hosts.csv'), 'old', { mode: 0o644 })
    const result = await runCli(['download-database', '--force', 'hosts.csv'], env, directory)
    expect(result).toMatchObject({ status: 0, stderr: 'hosts.csv: 2 hosts\n', stdout: Buffer.alloc(0) })
    expect(await readFile(file('hosts.csv'))).toEqual(csv)
    expect((await stat(file('hosts.csv'))).mode & 0o777).toBe(0o600)
    expect(await files()).toEqual(['hosts.csv', 'hosts.csv.etag'])
  })

  it('says where it may not write, and leaves nothing behind', async () => {
    const { s3, env, directory, file, files } = await startProcessWorld()
    s3.put(bucket, key, csv)
    await mkdir(file('directory'))
    const missing = await runCli(['download-database', 'missing/hosts.csv'], env, directory)
    expect(missing).toMatchObject({ status: 1, stderr: expect.stringMatching(oneSentence) })
    expect(missing.stderr).toContain('missing/hosts.csv')
    const taken = await runCli(['download-database', 'directory'], env, directory)
    expect(taken).toMatchObject({ status: 1, stderr: expect.stringMatching(oneSentence) })
    expect(await files()).toEqual(['directory'])
  })

  // Root may write everywhere.
  it.skipIf(process.getuid?.() === 0)(
    'leaves the old file as it was in a directory that is read-only',
    async () => {
      const { s3, env, file, files } = await startProcessWorld()
      s3.put(bucket, key, csv)
      await mkdir(file('closed'))
      await writeFile(file('closed/hosts.csv'), 'old')
      const line =
        'chmod 500 closed; dyndns53 download-database --force closed/hosts.csv; s=$?; chmod 700 closed; exit $s'
      const result = await runShell(`cd "$HOME"; ${line}`, env)
      expect(result).toMatchObject({ status: 1, stderr: expect.stringMatching(oneSentence) })
      expect(await readFile(file('closed/hosts.csv'), 'utf8')).toBe('old')
      expect(await files()).toEqual(['closed'])
    },
  )

  it('leaves the old file as it was when the disk is full, and no half a file beside it', async () => {
    const { s3, env, directory, file, files } = await startProcessWorld()
    s3.put(bucket, key, `home.example.com,t\n#${'-'.repeat(100_000)}\n`)
    await writeFile(file('hosts.csv'), 'old')
    // A file may not grow beyond 16 blocks: to the command it is as if the disk were full.
    const result = await runShell(
      'ulimit -f 16; dyndns53 download-database --force hosts.csv',
      env,
      directory,
    )
    expect(result).toMatchObject({ status: 1, stderr: expect.stringMatching(oneSentence) })
    expect(await readFile(file('hosts.csv'), 'utf8')).toBe('old')
    expect(await files()).toEqual(['hosts.csv'])
  })

  it.skipIf(!existsSync('/dev/full'))('says in one sentence that standard output is full', async () => {
    const { s3, env } = await startProcessWorld()
    s3.put(bucket, key, csv)
    const result = await runShell('dyndns53 download-database > /dev/full', env)
    expect(result).toMatchObject({ status: 1, stderr: expect.stringMatching(oneSentence) })
    expect(result.stderr).toContain('ENOSPC')
  })

  it('does not break when the reader has had enough', async () => {
    const { s3, env } = await startProcessWorld()
    s3.put(bucket, key, `home.example.com,t\n#${'-'.repeat(1_000_000)}\n`)
    const { stdout, stderr } = await runShell('dyndns53 download-database | head -c 4', env)
    expect(stdout.toString()).toBe('home')
    expect(stderr).toMatch(/^(dyndns53: [^\n]+\n)?$/)
  })

  it('gives what is there, even if it is not in order', async () => {
    const { s3, env, directory, file } = await startProcessWorld()
    s3.put(bucket, key, 'nonsense')
    const result = await runCli(['download-database', 'hosts.csv'], env, directory)
    expect(result).toMatchObject({ status: 0, stderr: 'hosts.csv: 0 hosts\n' })
    expect(await readFile(file('hosts.csv'), 'utf8')).toBe('nonsense')
  })
})

describe.concurrent('upload-database', () => {
  it('puts the file in the place of the database, and a download gives it back byte for byte', async () => {
    const { s3, env, directory, file } = await startProcessWorld()
    s3.put(bucket, key, 'old')
    await writeFile(file('hosts.csv'), csv)
    const upload = await runCli(['upload-database', 'hosts.csv'], env, directory)
    expect(upload).toMatchObject({
      status: 0,
      stderr: '+ home.example.com\n+ xn--mnchen-3ya.example.com\nuploaded hosts.csv: 2 hosts\n',
      stdout: Buffer.alloc(0),
    })
    expect(s3.object(bucket, key)?.body).toEqual(csv)
    expect(await runCli(['download-database', 'back.csv'], env, directory)).toMatchObject({ status: 0 })
    expect(await readFile(file('back.csv'))).toEqual(csv)
    expect(s3.calls.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET'])
  })

  it('warns of a host that is there twice, and uploads', async () => {
    const { s3, env, directory, file } = await startProcessWorld()
    await writeFile(file('hosts.csv'), 'home.example.com,T0KEN1\nhome.example.com,T0KEN2\n')
    const { status, stderr } = await runCli(['upload-database', 'hosts.csv'], env, directory)
    expect(status).toBe(0)
    expect(stderr).toMatch(
      /^hosts\.csv:2: .*home\.example\.com.* line 1[^\n]*\n\+ home\.example\.com\nuploaded hosts\.csv: 1 host\n$/,
    )
    expect(stderr).not.toContain('T0KEN')
    expect(s3.object(bucket, key)).toBeDefined()
  })

  it.each<[string, string | undefined, RegExp]>([
    ['bad lines', 'home.example.com,T0KEN\nhome\n\nx.example.com,"T0KEN\n', /line 2: .*; line 4: /],
    ['only bad lines', 'T0KEN\n', /line 1: /],
    ['no line at all', '', /no line hostname,token/],
    ['comments only', '# T0KEN\nhostname,token\n', /no line hostname,token/],
    ['no file', undefined, /hosts\.csv/],
  ])('asks S3 for nothing where there is %s', async (_, content, reason) => {
    const { s3, env, directory, file } = await startProcessWorld()
    s3.put(bucket, key, 'old')
    if (content !== undefined) await writeFile(file('hosts.csv'), content)
    const { status, stderr } = await runCli(['upload-database', 'hosts.csv'], env, directory)
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(oneSentence) })
    expect(stderr).toMatch(reason)
    expect(stderr).not.toContain('T0KEN')
    expect(s3.calls).toEqual([])
    expect(s3.object(bucket, key)?.body.toString()).toBe('old')
  })
})
