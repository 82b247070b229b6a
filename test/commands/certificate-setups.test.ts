import { describe, expect, it } from 'vitest'
import { addCertificateCommand } from '../../src/commands/certificate/certificate.js'
import { certificateTypes } from '../../src/setups/certificates/certificate-types.js'
import { readField, runSetupCommand } from './setup-runner.js'

const token = 'T0KEN-of-home_9'
const hash = 'a'.repeat(64)
const csv = `home.example.com,${token}
hashed.example.com,sha256:${hash}
*.wild.example.com,${token}
backslash.example.com,T0KEN\\
umlaut.example.com,T0KEN-ü
quote.example.com,"T0KEN"""
brace.example.com,T0KEN{$HOME}
percent.example.com,T0KEN%(home)s
`
const url = 'https://app.example.net'
const types = certificateTypes.map(({ type }) => type)

/** Runs the command in this process; no secret is ever on standard error. */
async function certificate(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const output = await runSetupCommand(addCertificateCommand, csv, ['certificate', ...args], env)
  expect(output.stderr).not.toMatch(/T0KEN|aaaaaaaa/)
  return output
}

it('is there for each of these', () => {
  expect([...types].sort()).toEqual([
    'acmesh',
    'caddy',
    'cert-manager',
    'certbot',
    'home-assistant',
    'lego',
    'nginx-proxy-manager',
    'opnsense',
    'pfsense',
    'posh-acme',
    'proxmox',
    'traefik',
  ])
})

describe.each(types)('%s', (type) => {
  it('has the token once, the host, and the URL of the service', async () => {
    const { stdout, stderr } = await certificate(['home.example.com', '--type', type, '--url', url])
    expect(stdout.split(token)).toHaveLength(2)
    expect(stdout).toContain(url)
    expect(stdout).toContain('home.example.com')
    expect(stdout + stderr).not.toMatch(/http:|YOUR-APP|undefined/)
    expect(stdout + stderr, 'every placeholder is filled in').not.toMatch(
      /\{(scheme|authority|url|host|domain|token)\}/,
    )
  })

  it('is the same as JSON', async () => {
    const args = ['home.example.com', '--type', type, '--url', url]
    const { stdout } = await certificate(args)
    const { fields, file, ...about } = JSON.parse((await certificate([...args, '--json'])).stdout)
    expect(about).toEqual({ type, host: 'home.example.com', url })
    if (file) expect(file).toEqual({ name: expect.stringMatching(/^[\w.-]+$/), text: stdout })
    else expect(Object.entries(fields)).toEqual(stdout.trimEnd().split('\n').map(readField))
  })

  it('has a placeholder for a token of which only the hash is known', async () => {
    const { stdout, stderr } = await certificate(['hashed.example.com', '--type', type])
    expect(stdout).toContain('TOKEN-OF-hashed.example.com')
    expect(stdout).not.toContain(hash)
    expect(stderr).toContain('only a hash of the token of hashed.example.com')
  })

  it('warns of a service that is called over http, and of no other', async () => {
    const warning = 'the token can be read on the way'
    const service = 'http://lan.example.net:8080'
    const { stdout, stderr } = await certificate(['home.example.com', '--type', type, '--url', service])
    expect(stdout).toContain(service)
    expect(stdout).not.toMatch(/https:\/\/(?!acme-v02\.api\.letsencrypt\.org)/)
    expect(stderr).toContain(warning)
    expect((await certificate(['home.example.com', '--type', type, '--url', url])).stderr).not.toContain(
      warning,
    )
  })

  it('certifies what is below a wildcard, and logs in as the wildcard', async () => {
    const { stdout, stderr } = await certificate(['*.wild.example.com', '--type', type, '--url', url])
    expect(stdout).toMatch(/(?<!_acme-challenge\.)\*\.wild\.example\.com/)
    expect(stdout + stderr).toMatch(/(?<!\*\.)\bwild\.example\.com/)
    expect(stdout + stderr).not.toMatch(/\*\.\*|_acme-challenge\.\*/)
  })
})

it.each([
  ['acmesh', 'backslash'],
  ['opnsense', 'backslash'],
  ['pfsense', 'backslash'],
  ['proxmox', 'quote'],
  ['lego', 'umlaut'],
  ['caddy', 'brace'],
  ['caddy', 'quote'],
  ['nginx-proxy-manager', 'percent'],
  ['nginx-proxy-manager', 'quote'],
  ['traefik', 'umlaut'],
  ['home-assistant', 'umlaut'],
  ['cert-manager', 'umlaut'],
  ['posh-acme', 'umlaut'],
])('%s: refuses a token that it cannot be given: %s', async (type, label) => {
  const refused = certificate([`${label}.example.com`, '--type', type])
  await expect(refused).rejects.toThrow(`the token of ${label}.example.com cannot be written for `)
  await expect(refused).rejects.not.toThrow('T0KEN')
})

it('lists the types, and says how to choose', async () => {
  const { stdout, stderr } = await certificate(['home.example.com'])
  expect(stdout.trimEnd().split('\n').map(readField)).toEqual(
    certificateTypes.map(({ type, client }) => [type, client]),
  )
  expect(stderr).toBe('Choose one: dyndns53 certificate home.example.com --type TYPE')
})
