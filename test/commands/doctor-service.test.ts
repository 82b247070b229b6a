import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type Reply, startWireServer } from '../../emulators/http.js'
import { closeProcessWorlds } from '../support/processes.js'
import { createDoctorWorld, examine } from './doctor-world.js'

afterAll(closeProcessWorlds)

describe('doctor --url', () => {
  const closing: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  /** What the doctor says of a service that answers with `reply`. */
  async function ask(reply: Reply, path = '/'): Promise<string | undefined> {
    const paths: string[] = []
    const server = await startWireServer(async ({ url }) => {
      paths.push(url)
      return reply
    })
    closing.push(server.close)
    const world = await createDoctorWorld()
    const url = `http://user:S3CR3T@127.0.0.1:${server.port}${path}`
    const line = (await examine(world, ['--dns', world.dnsServer, '--url', url])).at(-1)
    expect(paths).toEqual([`${path.replace(/\?.*|\/$/g, '')}/check_ip`])
    return line?.replace(String(server.port), 'PORT')
  }
  const text = (body: string): Reply => ({ status: 200, headers: { 'content-type': 'text/plain' }, body })

  it.each<[string, Reply, RegExp, string?]>([
    [
      'an address',
      text('8.8.8.8'),
      /^ok +service +http:\/\/127\.0\.0\.1:PORT\/check_ip answers, .* at 8\.8\.8\.8$/,
    ],
    ['an IPv6 address', text('2606:4700::1111\n'), /^ok .* at 2606:4700::1111$/],
    ['a path', text('8.8.8.8'), /^ok +service +http:\/\/127\.0\.0\.1:PORT\/dyn\/check_ip answers/, '/dyn/'],
    [
      'a private address',
      text('10.1.2.3'),
      /^warning .* at 10\.1\.2\.3, which .*: behind a proxy, set DYNDNS_TRUST_PROXY/,
    ],
    ['a page', text('<html>S3CR3T'), /^failed .* something else than an address: check the URL$/],
    ['a long page', text('x'.repeat(9_000_000)), /^failed .* something else than an address/],
    ['nothing', text(''), /^failed .* something else than an address/],
    [
      'not found',
      { status: 404, body: 'S3CR3T' },
      /^failed .* answers with status 404: check that this is the URL/,
    ],
    [
      'somewhere else',
      { status: 301, headers: { location: 'https://x.example' } },
      /^failed .* answers with status 301/,
    ],
    [
      'a reset',
      'reset',
      /^failed .* does not answer \((ECONNRESET|UND_ERR_SOCKET)\): check the URL, and that the/,
    ],
    ['silence', 'stall', /^failed .* does not answer \(not within 5 s\)/],
  ])('%s', async (_, reply, line, path) => {
    expect(await ask(reply, path)).toMatch(line)
  })

  it('asks the real service, even where nothing else can be asked', async () => {
    const world = await createDoctorWorld()
    const url = ['--url', (await world.start({}, false)).url]
    expect((await examine(world, url, { DYNDNS_BUCKET: '' })).at(-1)).toMatch(
      /^warning .* at 127\.0\.0\.1, which/,
    )
    const onLan = { DYNDNS_ALLOW_PRIVATE: 'true' }
    const lines = await examine(world, ['--dns', world.dnsServer, ...url], onLan)
    expect(lines.at(-1)).toMatch(/^ok .* at 127\.0\.0\.1$/)
  })

  it('says that nothing listens there', async () => {
    const world = await createDoctorWorld()
    const lines = await examine(world, ['--dns', world.dnsServer, '--url', 'http://127.0.0.1:9'])
    expect(lines.at(-1)).toMatch(/^failed +service .* does not answer \(/)
  })
})
