import { X509Certificate } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Zone } from '../../../emulators/route53/zone.js'
import {
  closeProcessWorlds,
  type ProcessWorld,
  type Running,
  startProcessWorld,
} from '../../support/processes.js'
import { describeClient } from '../client.js'
import { endPrograms } from '../program.js'
import { type AcmeClient, certbot, dehydrated, lego, legoRaw } from './acme-clients.js'
import { type Authority, startAuthority } from './authority.js'

const login = { user: 'home.example.com', token: '5f0c9e7a41d84b6e' }
const challenge = `_acme-challenge.${login.user}`
const names = [login.user, `*.${login.user}`]

const pebble = {
  name: 'Pebble',
  program: 'pebble',
  versionArguments: ['-h'],
  version: /Usage of \S*(pebble)/,
}
const timeout = 120_000

describeClient(pebble, () => {
  let world: ProcessWorld
  let zone: Zone
  let service: Running
  let authority: Authority
  beforeAll(async () => {
    world = await startProcessWorld({ csv: `${login.user},${login.token}\n` })
    zone = world.route53.model.addZone({ name: 'example.com' })
    service = await world.start()
    authority = await startAuthority(await mkdtemp(world.file('pebble-')), world.dnsServer)
  }, timeout)
  afterAll(async () => {
    endPrograms()
    await closeProcessWorlds()
  })

  async function issue(client: AcmeClient, token = login.token): Promise<string> {
    const directory = await mkdtemp(world.file('acme-'))
    const { dnsServer } = world
    return client.issue({
      authority,
      directory,
      service: service.url,
      login: { ...login, token },
      dnsServer,
      names,
    })
  }

  for (const client of [lego, legoRaw, certbot, dehydrated]) {
    describeClient(client, () => {
      it('gets one certificate for a name and its wildcard, and leaves no record', { timeout }, async () => {
        const chain = certificatesIn(await issue(client))
        const [leaf] = chain
        expectChain([...chain, await authority.root()])
        for (const host of [login.user, `any.${login.user}`]) expect(leaf?.checkHost(host)).toBeDefined()
        expect(leaf?.checkHost('example.com')).toBeUndefined()
        expect(zone.get(challenge, 'TXT')).toEqual([])
      })

      it('tells its owner that the token is wrong', { timeout }, async () => {
        const said = /401|the host is unknown or its token is another/
        await expect(issue(client, 'mistyped')).rejects.toThrow(said)
      })
    })
  }

  describeClient(lego, () => {
    it('leaves what somebody else has put there', { timeout }, async () => {
      zone.put({ name: challenge, type: 'TXT', ttl: 60, values: ['"theirs"'] })
      expect(certificatesIn(await issue(lego)).length).toBeGreaterThan(1)
      expect(world.held(challenge, 'TXT')).toEqual(['"theirs"'])
    })
  })
})

function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []
  return blocks.map((block) => new X509Certificate(block))
}

/** Each certificate is signed by the next one, and the last by itself. */
function expectChain(chain: readonly X509Certificate[]): void {
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1] ?? certificate
    expect([certificate.checkIssued(issuer), certificate.verify(issuer.publicKey)]).toEqual([true, true])
  }
}
