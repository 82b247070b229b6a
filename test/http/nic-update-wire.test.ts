import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Registrar } from '../../src/dns/registrar.js'
import { basic, exchange, hosts, type World } from '../support/world.js'
import { callerV4, send, startPublicWorld } from './nic.js'

/** While set, the registrar has a bug: it throws this. */
let bug: Error | undefined
vi.mock('../../src/dns/registrar.js', async (load) => {
  const { createRegistrar } = await load<typeof import('../../src/dns/registrar.js')>()
  return {
    createRegistrar(...options: Parameters<typeof createRegistrar>): Registrar {
      const registrar = createRegistrar(...options)
      return {
        ...registrar,
        register: (desired) => (bug ? Promise.reject(bug) : registrar.register(desired)),
      }
    },
  }
})

let world: World
afterEach(async () => {
  bug = undefined
  await world.close()
})

it('a bug of ours is told in a word too, and in full to the log only', async () => {
  world = await startPublicWorld()
  bug = new Error('canary')
  for (const path of ['/nic/update', '/register_ip']) {
    expect(await send(world, '', { path })).toMatchObject({ status: 500, body: '911' })
  }
  expect(world.printed()).toContain('canary')
})

describe('what Node answers by itself has a length too', () => {
  it('where an expectation is none that anybody knows', async () => {
    world = await startPublicWorld()
    const bytes = 'GET /nic/update HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nConnection: close\r\n\r\n'
    const answer = await exchange(world.service.port, bytes)
    expect(answer).toMatch(/\r\nContent-Length: \d+\r\n/)
    expect(answer).not.toMatch(/\r\nTransfer-Encoding:/)
  })

  // Section 5, rule 8 of clients.md: accept Host without port or absent.
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
