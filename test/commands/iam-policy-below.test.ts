import { afterAll, describe, expect, it } from 'vitest'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'
import { allows, change } from './iam-evaluator.js'
import { createPolicyWorld, policyOf } from './policy-world.js'

afterAll(closeProcessWorlds)

describe.concurrent('iam-policy --below', () => {
  it('allows every name below the domain, and neither the domain nor a host elsewhere', async () => {
    const { com, sub, net, ...world } = await createPolicyWorld()
    const policy = await policyOf(world, ['--below', 'DYN.example.com.'])
    const may = (zone: { id: string }, name: string) => allows(policy, change(zone.id, { names: [name] }))
    expect(may(com, 'new.dyn.example.com')).toBe(true)
    expect(may(com, 'a.new.dyn.example.com')).toBe(true)
    expect(may(com, '\\052.dyn.example.com')).toBe(true)
    expect(may(com, 'dyn.example.com')).toBe(false)
    expect(may(com, 'xdyn.example.com')).toBe(false)
    expect(may(com, 'home.example.com')).toBe(false)
    expect(may(sub, 'new.dyn.example.com')).toBe(false)
    expect(may(net, 'example.net')).toBe(false)
    expect(allows(policy, change(com.id, { types: ['CNAME'], names: ['new.dyn.example.com'] }))).toBe(false)
  })

  it('says what it allows, and names the hosts that it does not cover', async () => {
    const world = await createPolicyWorld()
    const { status, stderr } = await world.run([
      'iam-policy',
      '--below',
      'example.net',
      '--below',
      'example.com',
    ])
    const [uncovered, span, challenges, size, ...more] = stderr.trimEnd().split('\n')
    expect({ status, more }).toEqual({ status: 0, more: [] })
    expect(uncovered).toBe('not covered: example.net: below none of example.net, example.com')
    expect(span).toBe(
      'allows every name that matches *.example.net, *.example.com, and not these domains themselves: mind the other A and AAAA records there',
    )
    expect(challenges).toBe(
      'allows TXT records at every name that matches _acme-challenge.*.example.net, _acme-challenge.*.example.com, for certificates',
    )
    expect(size).toMatch(/, fits a managed policy/)
  })

  it('covers a host in a zone of its own within the domain, and no other zone there', async () => {
    const { com, sub, ...world } = await createPolicyWorld()
    const empty = world.route53.model.addZone({ name: 'empty.example.com' })
    const policy = await policyOf(world, ['--below', 'example.com'])
    const may = ({ id }: { id: string }, name: string) => allows(policy, change(id, { names: [name] }))
    expect(may(com, 'new.example.com')).toBe(true)
    expect(may(sub, 'a_b.sub.example.com')).toBe(true)
    expect(may(empty, 'a.empty.example.com')).toBe(false)
  })

  it('needs no host yet', async () => {
    const world = await startProcessWorld({ csv: '' })
    const { id } = world.route53.model.addZone({ name: 'example.com' })
    const policy = await policyOf(world, ['--below', 'dyn.example.com'], { DYNDNS_ZONE_IDS: id })
    expect(allows(policy, change(id, { names: ['home.dyn.example.com'] }))).toBe(true)
  })

  it.each<[string, string, Record<string, string>, RegExp]>([
    [
      'in no zone',
      'example.edu',
      {},
      /^dyndns53: --below example\.edu: no public hosted zone of this AWS account contains example\.edu: /m,
    ],
    [
      'in two zones of one name',
      'dyn.twin.net',
      {},
      /^dyndns53: --below dyn\.twin\.net: two public hosted zones are named twin\.net .* DYNDNS_ZONE_IDS$/m,
    ],
    [
      'in no zone of DYNDNS_ZONE_IDS',
      'example.com',
      { DYNDNS_ZONE_IDS: 'Z123' },
      /^dyndns53: --below example\.com: no public hosted zone of DYNDNS_ZONE_IDS contains example\.com: /m,
    ],
  ])('a domain %s: exit status 1, no policy', async (_, domain, env, sentence) => {
    const world = await createPolicyWorld()
    for (const name of ['twin.net', 'twin.net']) world.route53.model.addZone({ name })
    const { status, stdout, stderr } = await world.run(['iam-policy', '--below', domain], env)
    expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
    expect(stderr).toMatch(sentence)
  })

  it('more zones than fit: exit status 1, no policy', async () => {
    const world = await startProcessWorld({ csv: '' })
    const domains = Array.from({ length: 40 }, (_, i) => `zone-${i}.example`)
    for (const name of domains) world.route53.model.addZone({ name })
    const args = domains.flatMap((domain) => ['--below', domain])
    const { status, stdout, stderr } = await world.run(['iam-policy', ...args])
    expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
    expect(stderr).toMatch(
      / characters, and IAM takes 6144: name fewer domains with --below, or .* with --no-certificates\n$/,
    )
  })

  it.each(['*.dyn.example.com', 'com', '192.0.2.1', ''])('%j is no domain: exit status 2', async (domain) => {
    const world = await createPolicyWorld()
    const { status, stdout, stderr } = await world.run(['iam-policy', '--below', domain])
    expect({ status, out: stdout.length }).toEqual({ status: 2, out: 0 })
    expect(stderr).toContain('It is not a full domain name such as dyn.example.com.')
  })
})
