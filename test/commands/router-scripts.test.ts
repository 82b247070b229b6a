import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callerAddress, csvLine, oddToken, type RouterWorld, startRouterWorld } from './router-world.js'

/** The script for a router that is not run: what comes of it, sent to the service. */

const mikrotik = 'mikrotik.example.com'

let world: RouterWorld
beforeAll(async () => {
  world = await startRouterWorld(csvLine(mikrotik, oddToken))
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
})
