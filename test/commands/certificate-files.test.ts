import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addCertificateCommand } from '../../src/commands/certificate/certificate.js'
import { describeClient } from '../clients/client.js'
import { curl } from '../clients/fetchers.js'
import { basic } from '../support/request.js'
import { csvLine, oddToken } from './router-world.js'
import { runSetupCommand } from './setup-runner.js'

/** The files as their readers take them: what comes out is the host, its token and the service, whatever is in them. */

const host = 'home.example.com'
const url = 'https://app.example.net'
const challenge = `_acme-challenge.${host}`
const value = 'LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dyndns53-certificate-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** What is printed for a type. */
async function setup(type: string, token: string, service = url): Promise<string> {
  const args = ['certificate', host, '--type', type, '--url', service]
  return (await runSetupCommand(addCertificateCommand, csvLine(host, token), args)).stdout
}

/** Runs a script by the shell; resolves with its exit status and standard output. */
async function shell(script: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = spawn('/bin/sh', ['-s', ...args], { env: { PATH: process.env['PATH'], ...env } })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.resume()
  child.stdin.end(script)
  const [status] = await once(child, 'close')
  return { status, stdout }
}

describe('a shell exports', () => {
  it.each([
    ['lego', 'HTTPREQ', oddToken],
    ['acmesh', 'ACMEPROXY', oddToken.replaceAll('\\', '')],
  ])('%s: the values', async (type, prefix, token) => {
    const names = ['ENDPOINT', 'USERNAME', 'PASSWORD'].map((name) => `${prefix}_${name}`)
    const words = names.map((name) => `"$${name}"`).join(' ')
    const check = `sh -c 'printf "%s\\n" ${words}'`
    const { stdout } = await shell(`${await setup(type, token)}${check}\n`)
    expect(stdout).toBe(`${url}\n${host}\n${token}\n`)
  })
})

interface Received {
  readonly request: string
  readonly login: string | undefined
  readonly type: string | undefined
  readonly body: unknown
}

describeClient(curl, () => {
  const received: Received[] = []
  let status = 200
  const service = createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    const { method, url: path, headers } = req
    received.push({
      request: `${method} ${path}`,
      login: headers.authorization,
      type: headers['content-type'],
      body: JSON.parse(body),
    })
    res.writeHead(status, { 'Content-Type': 'application/json' }).end(body)
  })
  beforeAll(async () => {
    service.listen(0, '127.0.0.1')
    await once(service, 'listening')
    // The script waits for Route 53; here there is none.
    await writeFile(join(directory, 'sleep'), '#!/bin/sh\necho "waited $1"\n', { mode: 0o755 })
  })
  afterEach(() => {
    received.length = 0
    status = 200
  })
  afterAll(() => void service.close())

  const hook = async (...args: string[]) => {
    const { port } = service.address() as AddressInfo
    const script = await setup('certbot', oddToken, `http://127.0.0.1:${port}`)
    const env = {
      CERTBOT_DOMAIN: host,
      CERTBOT_VALIDATION: value,
      PATH: `${directory}:${process.env['PATH']}`,
    }
    return shell(script, args, env)
  }

  it.each([
    ['present', /waited 60\n$/],
    ['cleanup', /^(?!.*waited)/s],
  ])('certbot’s hook sends %s', async (action, said) => {
    expect(await hook(action)).toEqual({ status: 0, stdout: expect.stringMatching(said) })
    expect(received).toEqual([
      {
        request: `POST /${action}`,
        login: basic({ user: host, token: oddToken }),
        type: 'application/json',
        body: { fqdn: `${challenge}.`, value },
      },
    ])
  })

  it('certbot’s hook fails, without waiting, where the service refuses', async () => {
    status = 403
    expect(await hook('present')).toEqual({ status: 1, stdout: expect.not.stringContaining('waited') })
  })

  it('certbot’s hook knows nothing else', async () => {
    expect(await hook('register_ip')).toMatchObject({ status: 2 })
    expect(await hook()).toMatchObject({ status: 2 })
    expect(received).toEqual([])
  })
})

it('Proxmox VE: a value behind each name', async () => {
  const token = 'Vq3xT8-nLw_0fKz=2RbYd61Ma'
  const lines = (await setup('proxmox', token)).trimEnd().split('\n')
  expect(Object.fromEntries(lines.map((line) => /^(\w+)=(.*)$/.exec(line)?.slice(1) ?? []))).toEqual({
    ACMEPROXY_ENDPOINT: url,
    ACMEPROXY_USERNAME: host,
    ACMEPROXY_PASSWORD: token,
  })
})

it('Posh-ACME: strings in single quotes, in the order of a registration', async () => {
  const text = await setup('posh-acme', oddToken)
  const strings = [...text.matchAll(/'((?:''|[^'])*)'/g)].map(([, string = '']) =>
    string.replaceAll("''", "'"),
  )
  expect(strings).toEqual([challenge, host, host, oddToken, challenge, url, host, `*.${host}`])
})

it('Traefik: Compose takes two dollars for one, and then YAML reads the string', async () => {
  const text = await setup('traefik', oddToken)
  const values = [...text.matchAll(/^ {6}(HTTPREQ_\w+): (.+)$/gm)].map(([, name, json = '']) => {
    const string: string = JSON.parse(json)
    expect(string.replaceAll('$$', '')).not.toContain('$')
    return [name, string.replaceAll('$$', '$')]
  })
  expect(Object.fromEntries(values)).toEqual({
    HTTPREQ_ENDPOINT: url,
    HTTPREQ_USERNAME: host,
    HTTPREQ_PASSWORD: oddToken,
  })
  expect(text).toContain('dnschallenge.provider=httpreq')
})

it('Caddy: the names of the site, and a block for the module', async () => {
  const token = `a'b#c, <d>&e=f|g`
  const text = await setup('caddy', token)
  expect(text.split('\n')[0]).toBe(`${host}, *.${host} {`)
  expect(text).toContain(`dns acmeproxy ${url} {`)
  expect(/^\t+username "([^"]*)"$/m.exec(text)?.[1]).toBe(host)
  expect(/^\t+password "([^"]*)"$/m.exec(text)?.[1]).toBe(token)
  expect(text.match(/\{$/gm)).toHaveLength(text.match(/^\t*\}$/gm)?.length ?? 0)
})

it('Nginx Proxy Manager: an INI file whose strings know no escapes', async () => {
  const token = 'a#b, $c%d<e>&f=g|h'
  const lines = (await setup('nginx-proxy-manager', token)).trimEnd().split('\n')
  const entries = lines.map((line) => /^(\w+) = "?(.*?)"?$/.exec(line)?.slice(1) ?? [])
  expect(Object.fromEntries(entries)).toEqual({
    dns_multi_provider: 'httpreq',
    HTTPREQ_ENDPOINT: url,
    HTTPREQ_USERNAME: host,
    HTTPREQ_PASSWORD: token,
  })
})

it('Home Assistant: YAML whose strings are those of JSON', async () => {
  const text = await setup('home-assistant', oddToken)
  const read = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, json = '']) => JSON.parse(json))
  expect(read(/^ {2}- (.+)$/gm)).toEqual([host, `*.${host}`])
  expect(read(/^ {2}httpreq_\w+: (.+)$/gm)).toEqual([url, host, oddToken])
  expect(text).toMatch(/^dns:\n {2}provider: dns-httpreq\n/m)
})

it('cert-manager: a Secret with the accounts of acme-dns, and an issuer that names it', async () => {
  const [secret = '', issuer = ''] = (await setup('cert-manager', oddToken)).split('\n---\n')
  const [, block = ''] = /^ {2}acmedns\.json: \|\n((?: {4}.*\n?)+)/m.exec(secret) ?? []
  expect(JSON.parse(block)).toEqual({
    [host]: { username: host, password: oddToken, fulldomain: challenge, subdomain: host, allowfrom: [] },
  })
  expect(JSON.parse(/^ +host: (.+)$/m.exec(issuer)?.[1] ?? '')).toBe(url)
  const name = /^ {2}name: (.+)$/m
  expect(/accountSecretRef:\n +name: (.+)\n +key: (.+)$/m.exec(issuer)?.slice(1)).toEqual([
    name.exec(secret)?.[1],
    'acmedns.json',
  ])
  for (const line of `${secret}\n${issuer}`.split('\n')) expect(line).toMatch(/^(?: {2})*\S|^$/)
})
