import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hosts, request, type World } from '../support/world.js'
import { asked, type Case, failures, updates } from './all-answers.js'
import { type ClientRule, clientRules } from './client-rules.js'
import { callerV4, publicV6, startPublicWorld } from './nic.js'

const isOffline = ({ asked }: Case) => asked.addresses.length === 0
const isMixed = ({ updated }: Case) => new Set(updated).size > 1

/** What no answer can help, by client: the answers that it takes wrongly, and why that has to be. */
const known: Record<string, { isWrong: (item: Case) => boolean; because: string }> = {
  'ez-ipupdate': {
    isWrong: (item) =>
      isMixed(item) || (isOffline(item) && item.updated[0] === true && !/nochg/.test(item.reply.body)),
    because: 'offline=YES has no address, as Dyn answered it, and it judges a list as a whole',
  },
  'pfSense custom': {
    isWrong: ({ asked, updated }) => updated[0] === true && asked.addresses.length !== 1,
    because: 'it sends one address, and never offline=YES',
  },
  'FRITZ!Box, classic provider': {
    isWrong: (item) => isOffline(item),
    because: 'it never sends offline=YES',
  },
  'ddclient 3.11': { isWrong: isMixed, because: 'the last line decides for all hosts' },
  'OPNsense native': { isWrong: isMixed, because: 'it reads no line of a list that is accepted in part' },
}

/** Where the client believes something else than what is true, and it is not known why. */
function mistakes({ client, sendsLists, believes }: ClientRule, cases: readonly Case[]): Case[] {
  return cases
    .filter(({ asked }) => sendsLists || asked.hosts === 1)
    .filter((item) => !known[client]?.isWrong(item))
    .filter(({ reply, asked, updated }) => updated.some((is, index) => believes(reply, asked, index) !== is))
}

describe.each(clientRules)('$client', (rule) => {
  it('takes every answer to an update for what it is', () => {
    expect(mistakes(rule, updates)).toEqual([])
    expect(mistakes(rule, failures)).toEqual([])
  })

  it('neither ends nor blames the login where the login was right', () => {
    const cases = updates.filter(({ asked }) => rule.sendsLists || asked.hosts === 1)
    const harmed = cases.filter(({ reply }) => rule.ends?.(reply) || rule.blamesLogin?.(reply))
    expect(harmed.filter((item) => !known[rule.client]?.isWrong(item))).toEqual([])
  })

  it('is wrong only where it has to be', () => {
    const { isWrong } = known[rule.client] ?? { isWrong: () => false }
    const excused = updates.filter(({ asked }) => rule.sendsLists || asked.hosts === 1).filter(isWrong)
    const wrong = excused.filter(({ reply, asked, updated }) =>
      updated.some((is, index) => rule.believes(reply, asked, index) !== is),
    )
    expect(wrong.length > 0).toBe(rule.client in known)
    // Never about its only host, unless it asked for what it never asks for, or for offline=YES.
    for (const item of wrong) expect(isMixed(item) || item.asked.addresses.length !== 1).toBe(true)
  })
})

it('no answer of a failure has a word in it that any client takes for success', () => {
  for (const { reply, updated } of [...updates, ...failures]) {
    if (updated.every((is) => !is)) {
      expect(reply.status).toBeGreaterThanOrEqual(400)
      expect(reply.body).not.toMatch(/ok|good|true|updated|success|nochg/i)
    } else {
      expect(reply.status).toBe(200)
      expect(reply.body.split('\n')).toHaveLength(updated.length)
    }
  }
})

describe('the status of nohost and notfqdn', () => {
  const clientsThat = (is: (rule: ClientRule) => boolean | undefined) =>
    clientRules.filter(is).map(({ client }) => client)
  const ddclients = ['ddclient 3.9 and 3.10', 'ddclient 3.11', 'ddclient 4']
  const openwrts = ['OpenWrt, a service with an answer', 'OpenWrt, a custom URL']
  const inadyn = 'inadyn, UniFi and Merlin'
  const mdu = 'FreshTomato mdu'
  const credulous = ['OpenWrt, a custom URL', 'OPNsense native', 'FRITZ!Box']

  it.each([
    [200, { fooled: credulous, ended: [inadyn, 'ez-ipupdate'], misled: [] }],
    [400, { fooled: [], ended: [inadyn], misled: [] }],
    [401, { fooled: [], ended: [inadyn, 'ez-ipupdate'], misled: [...ddclients, inadyn, ...openwrts, mdu] }],
    [403, { fooled: [], ended: [inadyn], misled: [inadyn, mdu] }],
    [500, { fooled: [], ended: [], misled: [] }],
  ])('%i fools, ends and misleads these about the login', (status, harm) => {
    const reply = { status, body: 'nohost' }
    expect({
      fooled: clientsThat(({ believes }) => believes(reply, asked, 0)),
      ended: clientsThat(({ ends }) => ends?.(reply)),
      misled: clientsThat(({ blamesLogin }) => blamesLogin?.(reply)),
    }).toEqual(harm)
  })
})

describe('the other answers of the running service', () => {
  let world: World
  beforeAll(async () => {
    world = await startPublicWorld()
  })
  afterAll(() => world.close())

  it.each<[string, string, Record<string, string>?]>([
    ['GET', '/'],
    ['GET', '/host'],
    ['POST', '/host'],
    ['GET', '/host/setup/curl'],
    ['GET', '/register_iphome.example.com'],
    ['GET', '/nic/updatehome.example.com'],
    ['GET', '/update/nic/update'],
    ['PUT', '/nic/update'],
    ['POST', '/check_ip'],
    ['DELETE', '/checkip'],
    // The person whose browser it was reads a sentence, and no return code.
    ['GET', '/nic/update', { 'sec-fetch-site': 'cross-site' }],
  ])('%s %s is nobody’s success', async (method, path, headers = {}) => {
    const { status, body } = await request(world.url + path, hosts.home, callerV4, { method, headers })
    expect(status).toBeGreaterThanOrEqual(400)
    for (const rule of clientRules)
      expect(mistakes(rule, [{ reply: { status, body }, asked, updated: [false] }])).toEqual([])
    expect(body).not.toMatch(/ok|good|true|updated|success|nochg/i)
  })

  // Whoever lets every page with a 2xx pass, lets these pass too.
  const credulous = ['OpenWrt, a custom URL', 'OPNsense native', 'FRITZ!Box']
  it.each(['/check_ip', '/check_ip?format=dyn', '/checkip'])(
    '%s is no success to those who read it',
    async (path) => {
      for (const from of [callerV4, publicV6]) {
        const { status, body } = await request(world.url + path, hosts.home, from)
        const item: Case = { reply: { status, body }, asked, updated: [false] }
        const fooled = clientRules.filter((rule) => mistakes(rule, [item]).length > 0)
        expect(fooled.map(({ client }) => client)).toEqual(credulous)
      }
    },
  )
})
