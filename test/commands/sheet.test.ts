import { afterAll, describe, expect, it } from 'vitest'
import { runShell } from '../support/cli-process.js'
import { hasTerminals, runAtTerminal } from '../support/cli-terminal.js'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const url = 'https://app.example.net'
const token = 'T0KEN-of-home_9'
/** A host whose token is another, and only its digest is there. */
const csv = `home.example.com,sha256:${'0'.repeat(64)}\n`

describe.concurrent('add-host --type', () => {
  it('prints one sheet: where, what, the new token, and the notes, without a mark of Markdown', async () => {
    const { dyndns53, stored } = await startProcessWorld({ zones: ['example.com'] })
    const { status, stdout, stderr } = await dyndns53(
      ...['add-host', 'new.example.com', '--hash', '--type', 'fritzbox', '--url', url],
    )
    const [, made = ''] = /^Password +(\S{24})$/m.exec(stdout.toString()) ?? []
    expect({ status, stdout: stdout.toString() }).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^FRITZ!Box: Internet > .*\n\nDynDNS Provider +User-defined\nUpdate URL +https:\/\/app\.example\.net\/nic\/update\?[^\n]+\n(.*\n)*\n- The words in angle brackets [^\n]+\n(- [^\n]+\n)+$/,
      ),
    })
    expect(stdout.toString()).not.toContain('`')
    expect(stderr).not.toContain(made)
    expect(stored()).toMatch(/^new\.example\.com,sha256:/)
    const router = await dyndns53('router', 'new.example.com', '--type', 'fritzbox', '--url', url)
    const fields = router.stdout.toString().replace('TOKEN-OF-new.example.com', made)
    expect(stdout.toString()).toContain(`\n\n${fields}\n`)
  })

  it('prints the same as JSON', async () => {
    const { dyndns53 } = await startProcessWorld({ zones: ['example.com'] })
    const args = ['add-host', 'new.example.com', '--token', token, '--type', 'unifi', '--url', url, '--json']
    const { status, stdout } = await dyndns53(...args)
    expect(status).toBe(0)
    expect(JSON.parse(stdout.toString())).toEqual([
      { host: 'new.example.com', token, fields: expect.objectContaining({ Password: token }) },
    ])
  })

  it.each([
    [
      'a client that cannot take the token',
      ['--type', 'openwrt', '--token', 'T0KEN-with-a-\\'],
      1,
      /cannot be/,
    ],
    ['two hosts', ['b.example.com', '--type', 'unifi'], 2, /^error: --type takes one HOST/],
    ['an unknown type', ['--type', 'modem'], 2, /Allowed choices are unifi/],
    ['no URL of a service', ['--type', 'unifi', '--url', 'x'], 2, /^error: --url takes/],
  ])('adds nothing for %s', async (_, args, status, message) => {
    const { dyndns53, stored } = await startProcessWorld({ zones: ['example.com'] })
    const result = await dyndns53('add-host', 'a.example.com', ...args)
    expect({ status: result.status, out: result.stdout.length, stored: stored() }).toEqual({
      status,
      out: 0,
      stored: undefined,
    })
    expect(result.stderr).toMatch(message)
  })
})

describe.concurrent('router', () => {
  const line = (given: string) => {
    return `printf '%s' "${given}" | dyndns53 router home.example.com --type unifi --url ${url} --token -`
  }

  it('puts in the token of a hashed host that standard input tells', async () => {
    const { env, dyndns53, directory } = await startProcessWorld({ zones: ['example.com'] })
    await dyndns53('add-host', 'home.example.com', '--token', token, '--hash')
    const { status, stdout, stderr } = await runShell(line(token), env, directory)
    expect({ status, stdout: stdout.toString() }).toEqual({
      status: 0,
      stdout: expect.stringMatching(new RegExp(`^Password +${token}$`, 'm')),
    })
    expect(stderr).not.toMatch(/hash|T0KEN/)
  })

  it.each([
    ['another token', 'T0KEN-of-another', /that is not the token of home\.example\.com: .*rotate-token/],
    ['nothing', '', /standard input has no token/],
  ])('refuses %s', async (_, given, message) => {
    const { env, directory } = await startProcessWorld({ csv })
    const { status, stdout, stderr } = await runShell(line(given), env, directory)
    expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('T0KEN')
  })

  it.skipIf(!hasTerminals)('shows no Markdown at a terminal', async () => {
    const world = await startProcessWorld({ csv })
    const { status, printed } = await runAtTerminal(world, [
      'router',
      'home.example.com',
      '--type',
      'ddclient',
      '--url',
      url,
    ])
    expect(status).toBe(0)
    expect(printed).toContain("'/etc/ddclient.conf'")
    expect(printed).not.toContain('`')
  })
})
