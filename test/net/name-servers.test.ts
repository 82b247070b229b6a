import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { startDnsServer } from '../../emulators/dns/server.js'
import { createNameServers } from '../../src/net/name-servers.js'

const cleanups: (() => unknown)[] = []
afterEach(() => Promise.all(cleanups.splice(0).map((cleanUp) => cleanUp())))

const record = (name: string, type: string, ...values: string[]) => ({ name, type, ttl: 60, values })

/** A DNS server for example.com with these records. */
async function serve(...recordSets: ReturnType<typeof record>[]): Promise<string> {
  const server = await startDnsServer({ lookup: () => [{ name: 'example.com', recordSets }] })
  cleanups.push(server.close)
  return `127.0.0.1:${server.port}`
}

describe('name servers', () => {
  it('say both families, in one spelling and in order', async () => {
    const server = await serve(
      record('home.example.com', 'A', '9.9.9.9', '8.8.8.8'),
      record('home.example.com', 'AAAA', '2620:00FE::00fe'),
      record('*.home.example.com', 'A', '7.7.7.7'),
    )
    const ask = createNameServers(server)
    const said = { kind: 'answered', answers: [{ server, A: ['8.8.8.8', '9.9.9.9'], AAAA: ['2620:fe::fe'] }] }
    expect(await ask('home.example.com')).toEqual(said)
    expect(await ask('*.home.example.com')).toMatchObject({ answers: [{ A: ['7.7.7.7'], AAAA: [] }] })
  })

  it('say that they know no address, which is an answer', async () => {
    const server = await serve(record('txt.example.com', 'TXT', '"x"'))
    const nothing = { kind: 'answered', answers: [{ server, A: [], AAAA: [] }] }
    for (const host of ['nowhere.example.com', 'txt.example.com']) {
      expect(await createNameServers(server)(host)).toEqual(nothing)
    }
  })

  it('refuse, or do not answer, and are not waited for longer than a page is worth', async () => {
    const refusing = await createNameServers(await serve())('home.elsewhere.net')
    expect(refusing).toEqual({ kind: 'silent', reason: 'they do not answer (EREFUSED)' })
    const mute = createSocket('udp4').bind(0, '127.0.0.1')
    await once(mute, 'listening')
    cleanups.push(() => mute.close())
    const silent = await createNameServers(`127.0.0.1:${mute.address().port}`)('home.example.com')
    expect(silent).toEqual({
      kind: 'silent',
      reason: expect.stringMatching(/^they do not answer \((ETIMEOUT|ECANCELLED)\)$/),
    })
  })
})
