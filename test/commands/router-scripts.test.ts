import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  callerAddress,
  csvLine,
  fillIn,
  oddToken,
  type RouterWorld,
  startRouterWorld,
} from './router-world.js'

/** The scripts for routers that are not run: what comes of them, sent to the service. */

const address = '198.51.100.7'
const address6 = '2001:db8:0:1::7'
const mikrotik = 'mikrotik.example.com'
const openwrt = 'openwrt.example.com'

let world: RouterWorld
beforeAll(async () => {
  // OpenWrt cannot take the backslash.
  const lines = [csvLine(mikrotik, oddToken), csvLine(openwrt, oddToken.replaceAll('\\', ''))]
  world = await startRouterWorld(lines.join(''))
})
afterAll(() => world.close())

describe('what a router makes of its file registers the host', () => {
  it('MikroTik: fetch, and a look at the answer', async () => {
    const script = await world.file(mikrotik, 'mikrotik')
    const parameter = (name: string) => {
      const [, value = ''] = new RegExp(` ${name}="((?:\\\\.|[^"\\\\])*)"`).exec(script) ?? []
      return value.replace(/\\(.)/g, '$1')
    }
    expect(script).toContain('mode=http ')
    expect(script).not.toMatch(/check-certificate|\?/)
    const [, success = ''] = /!\(\$answer ~ "([^"]+)"/.exec(script) ?? []
    const send = async (password: string) =>
      (await world.send(parameter('url'), parameter('user'), password)).slice('200 '.length)
    expect(await send(parameter('password'))).toMatch(new RegExp(success))
    expect(await send(parameter('password'))).toMatch(new RegExp(success))
    expect(await send('wrong')).not.toMatch(new RegExp(success))
    expect(world.held(mikrotik)).toEqual([callerAddress])
  })

  it('OpenWrt: a shell runs it, and ddns-scripts fills in the URL of the service file', async () => {
    const script = await world.file(openwrt, 'openwrt')
    const { options, service } = await runOnOpenWrt(script)
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
})

interface OpenWrt {
  /** Of the section that was set. */
  readonly options: Record<string, string>
  readonly service: Record<'ipv4' | 'ipv6', { url: string; answer: string }>
}

/** Runs the commands with a `uci` that writes down what it is told, below another directory than the root. */
async function runOnOpenWrt(script: string): Promise<OpenWrt> {
  const root = await world.newDirectory()
  await writeFile(join(root, 'uci'), '#!/bin/sh\nprintf "%s\\0" "$*" >> "$LOG"\n')
  await chmod(join(root, 'uci'), 0o755)
  const elsewhere = script
    .replaceAll('/usr/share/', `${root}/`)
    .replace(/^\/etc\/init\.d\/ddns restart$/m, 'true')
  const env = { PATH: `${root}:${process.env['PATH']}`, LOG: join(root, 'log') }
  expect(spawnSync('/bin/sh', ['-e'], { input: elsewhere, env, encoding: 'utf8' })).toMatchObject({
    status: 0,
  })
  const calls = readFileSync(env.LOG, 'utf8').split('\0').slice(0, -1)
  expect([calls[0], calls.at(-1)]).toEqual(['set ddns.dyndns53=service', 'commit ddns'])
  const options = calls.slice(1, -1).map((call) => /^set ddns\.dyndns53\.(\w+)=(.*)$/.exec(call) ?? [])
  return {
    options: Object.fromEntries(options.map(([, name, value]) => [name, value])),
    service: JSON.parse(readFileSync(join(root, 'ddns/custom/dyndns53.json'), 'utf8')),
  }
}
