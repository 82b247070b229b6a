import { describe, expect, it } from 'vitest'
import { addRouterCommand } from '../../src/commands/router/router.js'
import { routerTypes } from '../../src/setups/router-types.js'
import { readField, runSetupCommand } from './setup-runner.js'

const token = 'T0KEN-of-home_9'
const hash = 'a'.repeat(64)
const csv = `home.example.com,${token}
hashed.example.com,sha256:${hash}
spaces.example.com,T0KEN a b
backslash.example.com,T0KEN\\
umlaut.example.com,T0KEN-ü
long.example.com,T0KEN${'-'.repeat(251)}
password.example.com,T0KEN password=b
braces.example.com,T0KEN{host}{token}
*.wild.example.com,${token}
`
const url = 'https://app.example.net'
const types = routerTypes.map(({ type }) => type)

/** Runs the command in this process; no secret is ever on standard error. */
async function router(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const output = await runSetupCommand(addRouterCommand, csv, ['router', ...args], env)
  expect(output.stderr).not.toMatch(/T0KEN|aaaaaaaa/)
  return output
}

describe.each(types)('%s', (type) => {
  it('has the token once, and the URL of the service', async () => {
    const { stdout, stderr } = await router(['home.example.com', '--type', type, '--url', url])
    expect(stdout.split(token)).toHaveLength(2)
    expect(stdout).toContain('app.example.net')
    expect(stdout).not.toContain('http:')
    expect(stderr).not.toMatch(/YOUR-APP|undefined/)
    expect(stdout + stderr, 'every placeholder is filled in').not.toMatch(/\{\w+\}/)
  })

  it('is the same as JSON', async () => {
    const args = ['home.example.com', '--type', type, '--url', url]
    const { stdout } = await router(args)
    const json = await router([...args, '--json'])
    const { fields, file, ...about } = JSON.parse(json.stdout)
    expect({ about, stderr: json.stderr }).toEqual({
      about: { type, host: 'home.example.com', url },
      stderr: '',
    })
    if (file) expect(file).toEqual({ name: expect.stringMatching(/^[\w.]+$/), text: stdout })
    else expect(Object.entries(fields)).toEqual(stdout.trimEnd().split('\n').map(readField))
  })

  it('has a placeholder for a token of which only the hash is known', async () => {
    const { stdout, stderr } = await router(['hashed.example.com', '--type', type])
    expect(stdout).toContain('TOKEN-OF-hashed.example.com')
    expect(stdout).not.toContain(hash)
    expect(stderr).toContain('only a hash of the token of hashed.example.com')
  })

  it('speaks http to a service that does', async () => {
    const service = 'http://lan.example.net:8080'
    const { stdout } = await router(['home.example.com', '--type', type, '--url', service])
    expect(stdout).not.toMatch(/https|check-certificate|(ssl|SSL)[ =]+(yes|true|on)/)
    expect(stdout).toContain('lan.example.net:8080')
  })
})

it('warns where a form may not take the characters of the token', async () => {
  const { stdout, stderr } = await router(['spaces.example.com', '--type', 'synology'])
  expect(stdout).toContain('T0KEN a b\n')
  expect(stderr).toContain('dyndns53 rotate-token spaces.example.com')
})

it('takes nothing in a token for a placeholder', async () => {
  const { stdout } = await router(['braces.example.com', '--type', 'synology'])
  expect(stdout).toContain(' T0KEN{host}{token}\n')
})

it.each([
  ['openwrt', 'backslash'],
  ['openwrt', 'umlaut'],
  ['ddclient', 'password'],
  ['inadyn', 'long'],
  ['inadyn', 'umlaut'],
  ['mikrotik', 'umlaut'],
])('%s: refuses a token that its file cannot hold: %s', async (type, label) => {
  const refused = router([`${label}.example.com`, '--type', type])
  await expect(refused).rejects.toThrow(`the token of ${label}.example.com cannot be written for `)
  await expect(refused).rejects.not.toThrow('T0KEN')
})

it('a wildcard: OpenWrt looks up a name below it, and OPNsense logs in as another host', async () => {
  const { stdout } = await router(['*.wild.example.com', '--type', 'openwrt'])
  expect(stdout).toContain("lookup_host='any.wild.example.com'")
  const { stderr } = await router(['*.wild.example.com', '--type', 'opnsense'])
  expect(stderr).toContain("takes no '*' in Username")
})

describe('the URL of the service', () => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['is told', ['--url', 'http://127.0.0.1:8080/'], { DYNDNS_URL: url }, 'http://127.0.0.1:8080'],
    ['is https where no scheme is', ['--url', 'app.example.net'], {}, url],
    ['is in the environment', [], { DYNDNS_URL: `${url}/` }, url],
    ['is a placeholder otherwise', [], { DYNDNS_URL: '' }, 'https://YOUR-APP.herokuapp.com'],
  ])('%s', async (_, more, env, expected) => {
    const { stdout, stderr } = await router(['home.example.com', '--type', 'fritzbox', ...more], env)
    expect(stdout).toContain(` ${expected}/nic/update?`)
    expect(stderr.includes('name it with --url or DYNDNS_URL')).toBe(expected.includes('YOUR-APP'))
  })

  it.each([
    '',
    'https://',
    'ftp://app.example.net',
    'https://localhost:8080',
    'https://app.example.net/register_ip',
    'https://app.example.net:99999',
    'https://app$(id).example.net',
    'https://app.example.net\nserver=other',
  ])('is not %j', async (wrong) => {
    const args = ['home.example.com', '--type', 'unifi']
    await expect(router([...args, '--url', wrong])).rejects.toThrow('--url takes')
    if (wrong) await expect(router(args, { DYNDNS_URL: wrong })).rejects.toThrow('DYNDNS_URL takes')
  })
})
