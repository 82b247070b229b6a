import { afterEach, describe, expect, it } from 'vitest'
import { basic, exchange, hosts, type World } from '../support/world.js'
import { callerV4, startPublicWorld } from './nic.js'

let world: World
afterEach(() => world.close())

describe('what Node answers by itself has a length too', () => {
  it('where an expectation is none that anybody knows', async () => {
    world = await startPublicWorld()
    const bytes = 'GET /nic/update HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nConnection: close\r\n\r\n'
    const answer = await exchange(world.service.port, bytes)
    expect(answer).toMatch(/\r\nContent-Length: \d+\r\n/)
    expect(answer).not.toMatch(/\r\nTransfer-Encoding:/)
  })

  // Some old clients leave it out, whatever version they speak: see docs/clients.md.
  it('and a Host is not asked for', async () => {
    world = await startPublicWorld()
    const login = `Authorization: ${basic(hosts.home)}\r\nX-Forwarded-For: ${callerV4}\r\n`
    for (const version of ['1.0', '1.1']) {
      const bytes = `GET /nic/update HTTP/${version}\r\n${login}Connection: close\r\n\r\n`
      const answer = await exchange(world.service.port, bytes)
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n(good|nochg) 9\.9\.9\.9$/s)
      expect(answer).not.toMatch(/\r\nTransfer-Encoding:/)
    }
  })
})
