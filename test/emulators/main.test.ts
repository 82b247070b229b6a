import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { resolve } from '../../emulators/dns/resolve.js'
import { runCli } from '../support/cli-process.js'
import { spawnServer } from '../support/server-process.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `npm run emulators` with these arguments, and what it has printed so far. */
function run(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'emulators/main.ts', ...args], { cwd: root })
  const printed = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text
  })
  const ended = once(child, 'close').then(([status]: unknown[]) => ({ status, ...printed }))
  running.push(child)
  return { child, printed, ended }
}

const running: ChildProcess[] = []
const anyPorts = ['--s3-port', '0', '--route53-port', '0', '--dns-port', '0']

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

describe('npm run emulators', () => {
  it('prints what leads the command and the service to them, answers by DNS, and ends with 0 on Ctrl-C', async () => {
    const { child, printed, ended } = run(...anyPorts, '--bucket', 'of-my-own', '--zone', 'example.net')
    await expect.poll(() => printed.stdout, { timeout: 20_000 }).toContain('Ctrl-C stops them.')
    const exports = [...printed.stdout.matchAll(/^export (\w+)=(\S+)$/gm)]
    const env = Object.fromEntries(exports.map(([, name = '', value = '']) => [name, value]))
    expect(env).toMatchObject({ DYNDNS_BUCKET: 'of-my-own' })
    const [, dnsPort] = /^dig @127\.0\.0\.1 -p (\d+) \+short home\.example\.net$/m.exec(printed.stdout) ?? []

    const added = await runCli(['add-host', 'home.example.net'], env)
    expect(added).toMatchObject({ status: 0, stderr: expect.stringContaining('s3://of-my-own/database.csv') })
    const token = added.stdout.toString().trim().split(',')[1]
    const doctor = await runCli(['doctor', '--dns', `127.0.0.1:${dnsPort}`], env)
    expect(doctor).toMatchObject({ status: 0 })
    await expect(resolve(Number(dnsPort), 'home.example.net', 'A')).rejects.toMatchObject({
      code: 'ENOTFOUND',
    })

    const server = spawnServer({ ...env, PORT: '0' })
    running.push(server.child)
    const { port } = await server.logged('listening')
    await server.logged('host database loaded')
    const authorization = `Basic ${Buffer.from(`home.example.net:${token}`).toString('base64')}`
    const url = `http://127.0.0.1:${port}/nic/update?myip=8.8.8.8`
    const answer = await fetch(url, { headers: { authorization } })
    expect(await answer.text()).toBe('good 8.8.8.8')
    expect(await resolve(Number(dnsPort), 'home.example.net', 'A')).toEqual(['8.8.8.8'])

    child.kill('SIGINT')
    expect(await ended).toMatchObject({ status: 0, stderr: '' })
  })

  it.each(['--s3-port', '--route53-port', '--dns-port'])(
    'says that the port of %s is taken',
    async (flag) => {
      const isUdp = flag === '--dns-port'
      const other = isUdp ? createSocket('udp4').bind(0, '127.0.0.1') : createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      const { port } = other.address() as AddressInfo
      expect(await run(...anyPorts, flag, String(port)).ended).toEqual({
        status: 1,
        stdout: '',
        stderr: `emulators: port ${port} of 127.0.0.1 is in use: set another one with ${flag}\n`,
      })
      other.close()
    },
  )

  it.each([
    [['--dns-port', '53x'], '--dns-port takes a port from 0 to 65535, not "53x"'],
    [['--s3-port', '65536'], '--s3-port takes a port from 0 to 65535, not "65536"'],
    [['--bucket', 's3://mine'], '--bucket takes the name of a bucket, not "s3://mine"'],
    [['--zone', 'example..com'], '--zone takes the name of a zone, not "example..com"'],
    [['--loud'], "Unknown option '--loud'"],
  ])('refuses %j', async (args, reason) => {
    const { status, stdout, stderr } = await run(...args).ended
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(`emulators: ${reason}`)
    expect(stderr).toContain('npm run emulators -- --help')
  })
})
