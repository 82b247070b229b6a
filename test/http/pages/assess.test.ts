import { describe, expect, it } from 'vitest'
import type { CallGroup } from '../../../src/history/history.js'
import { type Assessment, assess, type HostStatus } from '../../../src/http/pages/assess.js'
import { parseAddress } from '../../../src/net/ip-address.js'
import type { RecordSet } from '../../../src/route53/api.js'

const v4 = '9.9.9.9'
const old = '8.8.8.8'
const v6 = '2620:fe::fe'
const host = 'home.example.com'

const set = (type: string, ...values: string[]): RecordSet => ({ name: host, type, values, ttlSeconds: 60 })
const held = (A: RecordSet[], AAAA: RecordSet[] = []): HostStatus['look'] => ({
  kind: 'held',
  A: { recordSets: A },
  AAAA: { recordSets: AAAA },
})
const say = (...answers: { A?: string[]; AAAA?: string[] }[]): HostStatus['nameServers'] => ({
  kind: 'answered',
  answers: answers.map(({ A = [], AAAA = [] }, index) => ({ server: `ns-${index}.example`, A, AAAA })),
})
const call = (outcome: CallGroup['outcome'], wanted: string, reason?: string): CallGroup => ({
  from: v4,
  userAgent: '',
  path: '/host',
  outcome,
  wanted,
  reason,
  times: 1,
  first: new Date(0),
  last: new Date(0),
})

/** A host that is as it should be, seen from `v4`, with these differences. */
function judge(
  change: Partial<Omit<HostStatus, 'caller'>> & { from?: string; calls?: CallGroup[] },
): Assessment {
  const { from = v4, calls = [], ...rest } = change
  return assess({
    host,
    caller: parseAddress(from),
    allowPrivate: false,
    look: held([set('A', v4)]),
    nameServers: say({ A: [v4] }),
    history: { calls, changes: [] },
    ...rest,
  })
}

describe('a name follows', () => {
  it.each<[string, Parameters<typeof judge>[0]]>([
    [
      'where Route 53 and all name servers say the caller’s address',
      { nameServers: say({ A: [v4] }, { A: [v4] }) },
    ],
    [
      'in IPv6, whatever the other family says',
      {
        from: v6,
        look: held([set('A', old)], [set('AAAA', v6)]),
        nameServers: say({ A: [old], AAAA: [v6] }),
      },
    ],
    [
      'where Route 53 spells it otherwise',
      { from: v6, look: held([], [set('AAAA', '2620:00fe::00fe')]), nameServers: say({ AAAA: [v6] }) },
    ],
    [
      'by its name servers alone, where Route 53 may not be asked',
      { look: { kind: 'unknown', reason: 'busy' } },
    ],
    [
      'at home, where private addresses are published',
      {
        allowPrivate: true,
        from: '10.0.0.9',
        look: held([set('A', '10.0.0.9')]),
        nameServers: say({ A: ['10.0.0.9'] }),
      },
    ],
    ['whatever was tried before', { calls: [call('unavailable', v4), call('wrong-token', '')] }],
  ])('%s', (_, change) => {
    expect(judge(change)).toMatchObject({ state: 'follows', advice: '' })
  })
})

describe('it does not yet, and the page says why and what to do', () => {
  it.each<[string, Parameters<typeof judge>[0], RegExp, RegExp]>([
    [
      'no record',
      { look: held([]), nameServers: say({}) },
      /has no IPv4 address yet/,
      /register the address/,
    ],
    [
      'another address',
      { look: held([set('A', old)]) },
      /leads to 8\.8\.8\.8, and you call from 9\.9\.9\.9/,
      /If you are elsewhere, all is well/,
    ],
    [
      'some name servers lag behind',
      { nameServers: say({ A: [v4] }, { A: [old] }, { A: [v4, old] }) },
      /1 of 3 name servers/,
      /up to a minute/,
    ],
    [
      'no name server answers',
      { nameServers: { kind: 'silent', reason: 'they do not answer (ETIMEOUT)' } },
      /could not be asked: they do not answer/,
      /dyndns53 doctor/,
    ],
    [
      'Route 53 may not be asked, and the name servers say otherwise',
      { look: { kind: 'unknown', reason: 'busy' }, nameServers: say({ A: [old] }) },
      /^Busy\.$/,
      /Look again/,
    ],
    [
      'it is being tried',
      { look: held([set('A', old)]), calls: [call('wrong-token', ''), call('unavailable', v4)] },
      /still being tried/,
      /Look again/,
    ],
    [
      'it was another address that was tried',
      { look: held([set('A', old)]), calls: [call('unavailable', '7.7.7.7')] },
      /leads to 8\.8\.8\.8/,
      /register/,
    ],
    ['a private address', { from: '192.168.0.9' }, /192\.168\.0\.9 is private/, /from the network/],
    ['a shared address', { from: '100.64.0.9' }, /shared by many households/, /from the network/],
    ['no address', { from: 'x' }, /does not arrive/, /DYNDNS_TRUST_PROXY/],
  ])('%s', (_, change, sentence, advice) => {
    const { state, ...words } = judge(change)
    expect([state, words.sentence, words.advice]).toEqual([
      'waiting',
      expect.stringMatching(sentence),
      expect.stringMatching(advice),
    ])
  })
})

describe('it cannot', () => {
  it.each<[string, Parameters<typeof judge>[0], RegExp]>([
    [
      'no zone',
      { look: { kind: 'none', reason: 'no public hosted zone contains it' } },
      /^No public hosted zone contains it\.$/,
    ],
    ['a CNAME', { look: held([set('CNAME', 'x.example')]) }, /a CNAME, which is not ours/],
    [
      'an alias',
      { look: held([{ ...set('A'), foreign: 'an alias of x' }]) },
      /an alias of x, which is not ours/,
    ],
    ['several values', { look: held([set('A', v4, old)]) }, /2 values/],
    [
      'a refused change',
      { look: held([]), calls: [call('refused', v4, 'Route 53 rejects it')] },
      /^Route 53 rejects it\.$/,
    ],
  ])('%s', (_, change, sentence) => {
    expect(judge(change)).toMatchObject({ state: 'trouble', sentence: expect.stringMatching(sentence) })
  })
})
