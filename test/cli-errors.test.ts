import { writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import type { S3EmulatorOptions } from '../emulators/s3/emulator.js'
import { runCli } from './support/cli-process.js'
import { bucket, closeProcessWorlds, csv, key, secretKey, startProcessWorld } from './support/processes.js'

afterAll(closeProcessWorlds)

const oneSentence = /^dyndns53: [^\n]+\n$/

/** What both commands say in a world with these options. */
async function bothCommands(options: S3EmulatorOptions) {
  const { s3, env, directory, file } = await startProcessWorld({ s3: options })
  s3.put(bucket, key, csv)
  await writeFile(file('hosts.csv'), csv)
  const run = (...args: string[]) => runCli(args, env, directory)
  return Promise.all([run('download-database'), run('upload-database', 'hosts.csv')])
}

describe.concurrent('what goes wrong with S3 is one sentence that names the variable to look at', () => {
  it.each<[string, string, S3EmulatorOptions, Record<string, string>]>([
    [
      'no such bucket',
      'there is no bucket other-bucket; check DYNDNS_BUCKET',
      {},
      { DYNDNS_BUCKET: 'other-bucket' },
    ],
    ['access denied', 'check DYNDNS_BUCKET and DYNDNS_DATABASE', { allow: () => false }, {}],
    ['an unknown key', 'check AWS_ACCESS_KEY_ID', { accessKeyId: 'AKIAOTHER' }, {}],
    ['another region', 'AWS_REGION says us-east-1', { region: 'eu-west-1', wrongRegion: 'malformed' }, {}],
    [
      'nothing there',
      'is out of reach (connect ECONNREFUSED 127.0.0.1:9): check the network',
      {},
      { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' },
    ],
    [
      'no credentials',
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      {},
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    ],
  ])('%s', async (_, sentence, options, change) => {
    const { s3, env } = await startProcessWorld({ s3: options })
    s3.put(bucket, key, csv)
    const { status, stdout, stderr } = await runCli(['download-database'], { ...env, ...change })
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(oneSentence) })
    expect(stderr).toContain(sentence)
    expect(stderr).not.toMatch(/S3CR3T|T0KEN|AKIA/)
    expect(stdout.length).toBe(0)
  })

  it('the same for an upload', async () => {
    const [download, upload] = await bothCommands({ allow: () => false })
    expect(download.stderr).toMatch(/access denied.*s3:PutObject/)
    expect(upload).toEqual(download)
  })

  it('no such object, which an upload mends', async () => {
    const { env, directory, file } = await startProcessWorld()
    const download = await runCli(['download-database'], env)
    expect(download).toMatchObject({ status: 1, stderr: expect.stringMatching(oneSentence) })
    expect(download.stderr).toContain('there is no object database.csv in the bucket; check DYNDNS_DATABASE')
    await writeFile(file('hosts.csv'), csv)
    expect(await runCli(['upload-database', 'hosts.csv'], env, directory)).toMatchObject({ status: 0 })
    expect(await runCli(['download-database'], env)).toMatchObject({ status: 0, stdout: csv })
  })

  it('no such object, by a key that may not list', async () => {
    const { env } = await startProcessWorld({ s3: { allowList: false } })
    const download = await runCli(['download-database'], env)
    expect(download).toMatchObject({ status: 1, stderr: expect.stringMatching(oneSentence) })
    expect(download.stderr).toContain('without s3:ListBucket, a missing object is denied too')
  })

  it('a bucket of another region is found by itself', async () => {
    const results = await bothCommands({ region: 'eu-west-1' })
    expect(results).toMatchObject([{ status: 0 }, { status: 0 }])
  })

  it('trouble that passes is tried again', async () => {
    const { s3, env } = await startProcessWorld()
    s3.put(bucket, key, csv)
    s3.inject({
      kind: 'refuse',
      status: 500,
      code: 'InternalError',
      message: 'We encountered an internal error.',
    })
    expect(await runCli(['download-database'], env)).toMatchObject({ status: 0, stdout: csv })
  })
})

describe.concurrent('the command line', () => {
  it('names all that is missing in one go, and asks S3 for nothing', async () => {
    const { s3, env } = await startProcessWorld()
    const change = {
      DYNDNS_BUCKET: '',
      DYNDNS_DATABASE: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_REGION: 'EU West',
    }
    const { status, stderr } = await runCli(['download-database'], { ...env, ...change })
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(oneSentence) })
    for (const name of Object.keys(change)) expect(stderr).toContain(name)
    expect(stderr).not.toContain('AKIA')
    expect(s3.calls).toEqual([])
  })

  it('does not mind what is wrong with the server', async () => {
    const { s3, env } = await startProcessWorld()
    s3.put(bucket, key, csv)
    expect(await runCli(['download-database'], { ...env, PORT: 'x' })).toMatchObject({
      status: 0,
      stdout: csv,
    })
  })

  it.each([[['--help']], [['upload-database', '--help']]])('%j is help and no failure', async (args) => {
    const { status, stdout, stderr } = await runCli(args, {})
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.toString()).toMatch(/^Usage: dyndns53/)
    expect(stdout.toString()).toContain('upload-database')
  })

  it.each<[string[], RegExp]>([
    [[], /^Usage: dyndns53/],
    [['erase-database'], /^error: unknown command 'erase-database'\n$/],
    [['upload-database'], /^error: missing required argument 'FILE'\n$/],
    [['download-database', '--brute'], /^error: unknown option '--brute'\n$/],
  ])('%j is no command: exit status 2', async (args, message) => {
    const { status, stdout, stderr } = await runCli(args, { AWS_SECRET_ACCESS_KEY: secretKey })
    expect({ status, out: stdout.length }).toEqual({ status: 2, out: 0 })
    expect(stderr).toMatch(message)
  })
})
