import { afterAll, describe, expect, it } from 'vitest'
import { routerTypes } from '../../src/setups/router-types.js'
import { type CliResult, runCli } from '../support/cli-process.js'
import { bucket, closeProcessWorlds, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const token = 'T0KEN-of-home_9'
const csv = `home.example.com,T0KEN-old
HOME.example.com.,${token}
backslash.example.com,T0KEN\\
`
const url = 'https://app.example.net'

interface Output {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built `dyndns53 router`; no token is ever on standard error. */
async function router(
  args: readonly string[],
  change: Readonly<Record<string, string>> = {},
): Promise<Output> {
  const { s3, env } = await startProcessWorld()
  s3.put(bucket, key, csv)
  const result: CliResult = await runCli(['router', ...args], { ...env, ...change })
  expect(result.stderr).not.toContain('T0KEN')
  return { ...result, stdout: result.stdout.toString() }
}

describe.concurrent('dyndns53 router', () => {
  it('prints the fields on standard output, and where they are and what to know on standard error', async () => {
    const { status, stdout, stderr } = await router([
      'Home.Example.com',
      '--type',
      'unifi',
      '--url',
      `${url}/`,
    ])
    expect(status).toBe(0)
    expect(stdout).toBe(`Service   custom
Hostname  home.example.com
Username  home.example.com
Password  ${token}
Server    app.example.net/nic/update?hostname=%h&myip=%i
`)
    expect(stderr).toMatch(/^UniFi gateways .*: Settings > Internet > .*\n- '%i' is .*\n(- .*\n)*$/)
  })

  it('prints a file as it is to be saved', async () => {
    const { status, stdout } = await router(['home.example.com', '--type', 'ddclient'], { DYNDNS_URL: url })
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `protocol=dyndns2
use=web, web=${url}/check_ip
ssl=yes
server=app.example.net
login=home.example.com
password='${token}'
home.example.com
`,
    })
  })

  it('prints JSON for a script, and nothing else', async () => {
    const result = await router(['home.example.com', '--type', 'fritzbox', '--url', url, '--json'])
    expect(result).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(result.stdout)).toEqual({
      type: 'fritzbox',
      host: 'home.example.com',
      url,
      fields: expect.objectContaining({ 'Domain Name': 'home.example.com', Password: token }),
    })
  })

  it('lists the types without one', async () => {
    const { status, stdout, stderr } = await router(['home.example.com'])
    const lines = stdout.trimEnd().split('\n')
    expect(status).toBe(0)
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual(
      routerTypes.map(({ type, client }) => [type, client]),
    )
    expect(stderr).toBe('Choose one: dyndns53 router home.example.com --type TYPE\n')
  })

  it.each([[[]], [['--type', 'curl']]])('knows where a host is to be looked for, with %j', async (args) => {
    const { status, stdout, stderr } = await router(['nobody.example.com', ...args])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^dyndns53: .* has no host nobody\.example\.com: dyndns53 list-hosts [^\n]+\n$/)
  })

  it('refuses a token that the file cannot hold', async () => {
    const { status, stdout, stderr } = await router(['backslash.example.com', '--type', 'openwrt'])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^dyndns53: the token of backslash\.example\.com cannot .* rotate-token [^\n]+\n$/)
  })

  it('says what DYNDNS_URL takes', async () => {
    const args = ['home.example.com', '--type', 'unifi']
    const { status, stdout, stderr } = await router(args, { DYNDNS_URL: 'https://me:T0KEN@app.example.net' })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^dyndns53: DYNDNS_URL takes [^\n]+\n$/)
  })

  it.each<[string, string[], RegExp]>([
    ['no host', [], /^error: missing required argument 'HOST'\n$/],
    ['no host name', ['home'], /^error: .*'HOST'.*full host name/],
    [
      'an unknown type',
      ['home.example.com', '--type', 'modem'],
      /^error: .*Allowed choices are unifi, fritzbox/,
    ],
    [
      'a URL with a login',
      ['home.example.com', '--url', 'https://me:T0KEN@a.net'],
      /^error: --url takes [^\n]+\n$/,
    ],
    ['two hosts', ['home.example.com', 'other.example.com'], /^error: too many arguments/],
  ])('%s is no command: exit status 2', async (_, args, message) => {
    const { status, stdout, stderr } = await router(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
