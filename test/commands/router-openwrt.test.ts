import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeClient } from '../clients/client.js'
import { busyboxWget, wget } from '../clients/fetchers.js'
import { csvLine, fillIn, oddToken, type RouterWorld, startRouterWorld } from './router-world.js'

/**
 * What is printed for OpenWrt, run by a shell below another directory than the root. A stand-in for `uci` keeps what it
 * is told, and one for ddns-scripts does what these do first: it looks the name up, and calls only if that is no error.
 */

const address = '198.51.100.7'
const address6 = '2001:db8:0:1::7'
/** The address that the shell on this machine calls from. */
const ownAddress = '127.0.0.1'
// OpenWrt cannot take the backslash.
const token = oddToken.replaceAll('\\', '')
const names = ['openwrt', 'new', 'old', 'offline', 'refused', '*.wild'] as const
const hostFor = (name: (typeof names)[number]) => `${name}.example.com`

let world: RouterWorld
beforeAll(async () => {
  world = await startRouterWorld(names.map((name) => csvLine(hostFor(name), token)).join(''))
})
afterAll(() => world.close())

it('OpenWrt: a shell runs it, and ddns-scripts fills in the URL of the service file', async () => {
  const router = await newRouter()
  await router.run(['/bin/sh'], await world.file(hostFor('openwrt'), 'openwrt'))
  const options = await router.options()
  const service = await router.service()
  const { username = '', password = '', domain = '' } = options
  expect(options).toMatchObject({ service_name: 'dyndns53', enabled: '1', lookup_host: domain })
  expect(options).not.toHaveProperty('use_https')
  for (const [family, ip, type] of [
    ['ipv4', address, 'A'],
    ['ipv6', address6, 'AAAA'],
  ] as const) {
    const { url, answer } = service[family]
    const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`
    expect(url).toContain('//[USERNAME]:[PASSWORD]@')
    const target = fillIn(url.replace('[USERNAME]:[PASSWORD]@', ''), { '[DOMAIN]': domain, '[IP]': ip })
    const { username: user, password: secret } = new URL(`http://${login}openwrt`)
    expect(await world.send(target, undefined, undefined)).not.toMatch(new RegExp(answer))
    expect(await world.send(target, decodeURIComponent(user), decodeURIComponent(secret))).toMatch(
      new RegExp(answer),
    )
    expect(world.held(domain, type)).toEqual([ip])
  }
})

describeClient({ ...busyboxWget, name: 'busybox ash and nslookup' }, () => {
  const ash = ['busybox', 'ash']

  /** Everything but the call that registers the host. */
  const withoutCall = (script: string) => {
    const rest = script.replace(/^wget .*\n/m, '')
    expect(rest).not.toBe(script)
    return rest
  }

  describeClient(wget, () => {
    it.each(['new', '*.wild'] as const)(
      '%s: a host that never had a record is looked up with success',
      async (name) => {
        const host = hostFor(name)
        const router = await newRouter()
        const said = await router.run(ash, await world.file(host, 'openwrt'))
        expect(said).toMatch(new RegExp(`^good ${ownAddress}$`, 'm'))
        expect(world.held(host.replace('*', '\\052'))).toEqual([ownAddress])
        expect(await router.lookUp()).toMatchObject({
          goesOn: true,
          answer: expect.stringContaining(ownAddress),
        })
      },
    )

    it('a host that went offline is back when they are run again', async () => {
      const host = hostFor('offline')
      const script = await world.file(host, 'openwrt')
      const router = await newRouter()
      await router.run(ash, script)
      expect(await world.send(`${world.url}/nic/update?offline=YES`, host, token)).toBe('200 good')
      await router.run(ash, withoutCall(script))
      expect(await router.lookUp()).toMatchObject({ goesOn: false })
      await router.run(ash, script)
      expect(await router.lookUp()).toMatchObject({ goesOn: true })
      expect(world.held(host)).toEqual([ownAddress])
    })

    it('a host that is not registered is said to be waited for', async () => {
      const host = hostFor('refused')
      const script = (await world.file(host, 'openwrt')).replace(/^token='/, '$&no-')
      const router = await newRouter()
      expect(await router.run(ash, script)).toMatch(/^Not registered: /m)
      expect(await router.lookUp()).toMatchObject({ goesOn: false })
    })
  })

  it('without the call, ddns-scripts would wait for ever', async () => {
    const router = await newRouter()
    await router.run(ash, withoutCall(await world.file(hostFor('old'), 'openwrt')))
    expect(await router.lookUp()).toMatchObject({
      goesOn: false,
      answer: expect.stringContaining('NXDOMAIN'),
    })
  })
})

describe('every form of it', () => {
  it.each([[[]], [['--json']]])('begins with the call, before ddns-scripts starts: %j', async (more) => {
    const { stdout } = await world.router(hostFor('openwrt'), '--type', 'openwrt', ...more)
    const text = more.length > 0 ? JSON.parse(stdout.toString()).file.text : stdout.toString()
    expect(text).toMatch(/^token='.*\nwget .*\/nic\/update' .*\n\/etc\/init\.d\/ddns restart\n$/s)
  })
})

const uci = `#!/bin/sh
case $1 in
  set) printf %s "\${2#*=}" > "$ROOT/staged/\${2%%=*}" ;;
  commit) cp "$ROOT"/staged/"$2".* "$ROOT/committed/" ;;
  *) exit 1 ;;
esac
`

const ddns = `#!/bin/sh
test "$1" = restart || exit 1
busybox nslookup "$(cat "$ROOT/committed/ddns.dyndns53.lookup_host")" "$DNS" > "$ROOT/answer" 2>&1
echo $? > "$ROOT/status"
`

/** A router that has no configuration yet. */
async function newRouter() {
  const root = await world.newDirectory()
  for (const directory of ['bin', 'staged', 'committed']) await mkdir(join(root, directory))
  for (const [name, text] of Object.entries({ uci, ddns })) {
    await writeFile(join(root, 'bin', name), text, { mode: 0o755 })
  }
  const env = { PATH: `${root}/bin:${process.env['PATH']}`, ROOT: root, DNS: world.dnsServer }
  const read = (path: string) => readFile(join(root, path), 'utf8')
  return {
    /** Runs the commands; resolves with what they say on standard output. */
    async run([shell = '', ...args]: readonly string[], script: string): Promise<string> {
      const elsewhere = script
        .replaceAll('/usr/share/', `${root}/share/`)
        .replaceAll('/etc/init.d/', `${root}/bin/`)
      const child = spawn(shell, [...args, '-e'], { env, stdio: ['pipe', 'pipe', 'pipe'] })
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      let errors = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors += text
      })
      child.stdin.end(elsewhere)
      const status = await new Promise((resolve) => child.on('close', resolve))
      expect(status, errors).toBe(0)
      return said
    },
    /** The options of the section that was committed. */
    async options(): Promise<Record<string, string>> {
      const prefix = 'ddns.dyndns53.'
      const files = (await readdir(join(root, 'committed'))).filter((file) => file.startsWith(prefix))
      const entries = files.map(async (file) => [
        file.slice(prefix.length),
        await read(join('committed', file)),
      ])
      return Object.fromEntries(await Promise.all(entries))
    },
    async service(): Promise<Record<'ipv4' | 'ipv6', { url: string; answer: string }>> {
      return JSON.parse(await read('share/ddns/custom/dyndns53.json'))
    },
    /** What the look-up at the last restart came to. */
    async lookUp(): Promise<{ goesOn: boolean; answer: string }> {
      return { goesOn: (await read('status')) === '0\n', answer: await read('answer') }
    },
  }
}
