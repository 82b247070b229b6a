import { afterAll, describe, expect, it } from 'vitest'
import type { Call } from '../../emulators/route53/calls.js'
import { closeProcessWorlds, type ProcessWorldOptions, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const csv = 'home.example.com,T0KEN-of-home\n'

/** A world with one zone and one host. */
const createWorld = (route53: ProcessWorldOptions['route53'] = {}) =>
  startProcessWorld({ csv, zones: ['example.com'], route53 })

/** A policy that allows changes of these names alone. */
const onlyFor = (...names: string[]) => ({
  allow: (call: Call) =>
    call.action !== 'ChangeResourceRecordSets' ||
    call.changes.every(({ recordSet }) => names.includes(recordSet.name.replace(/\.$/, ''))),
})

describe.concurrent('add-host', () => {
  it.each([
    [
      'no zone holds the name',
      {},
      'home.example.org',
      /no public hosted zone .* contains home\.example\.org/,
    ],
    [
      'the key may write other hosts, and not this one',
      onlyFor('home.example.com'),
      'new.example.com',
      /the AWS key may not write the addresses of new\.example\.com, but those of other hosts: .*iam-policy/,
    ],
  ])('adds nothing where %s, unless told to', async (_, route53, name, message) => {
    const { dyndns53, stored } = await createWorld(route53)
    const refused = await dyndns53('add-host', name)
    expect(refused).toMatchObject({ status: 1, stdout: Buffer.from('') })
    expect(refused.stderr).toMatch(/^dyndns53: nothing was added: [^\n]+--force\n$/)
    expect(refused.stderr).toMatch(message)
    expect(stored()).toBe(csv)
    const forced = await dyndns53('add-host', name, '--force')
    expect(forced.status).toBe(0)
    expect(forced.stderr).toMatch(/^warning: /)
    expect(forced.stderr).toMatch(message)
    expect(stored()).toBe(csv + forced.stdout)
  })

  it.each([
    ['the key may not list the zones', { allow: () => false }, /^not checked whether a hosted zone holds/],
    [
      'the key may write nothing, as it is not that of the service',
      onlyFor(),
      /^this AWS key may write no addresses there: that of the service must, for .* new\.example\.com$/m,
    ],
  ])('adds the host where %s, and says so', async (_, route53, message) => {
    const { dyndns53, stored } = await createWorld(route53)
    const { status, stdout, stderr } = await dyndns53('add-host', 'new.example.com')
    expect({ status, stored: stored() }).toEqual({ status: 0, stored: csv + stdout })
    expect(stderr).toMatch(message)
  })

  it('adds the host where another change of the zone is in flight, and says so', async () => {
    const { dyndns53, stored, route53 } = await createWorld()
    for (const zone of route53.model.zones()) zone.inFlight.add({ untilMs: Number.POSITIVE_INFINITY })
    const { status, stdout, stderr } = await dyndns53('add-host', 'new.example.com')
    expect({ status, stored: stored() }).toEqual({ status: 0, stored: csv + stdout })
    expect(stderr).toMatch(/^not checked whether the AWS key may write .*: another change of the zone is in/)
  })

  it('writes nothing to Route 53, and says when the policy must be printed anew', async () => {
    const { dyndns53, held, route53 } = await createWorld()
    const { stderr } = await dyndns53('add-host', 'new.example.com', '*.new.example.com')
    expect(stderr).toMatch(/^added 2 hosts to .*\ndoes the policy .*iam-policy prints now\n$/)
    expect(held('new.example.com')).toEqual([])
    const changes = route53.model.log.calls.filter(({ action }) => action === 'ChangeResourceRecordSets')
    expect(changes.map(({ outcome }) => outcome)).toEqual(['InvalidChangeBatch'])
  })
})
