import { afterAll, describe, expect, it } from 'vitest'
import type { Call } from '../../emulators/route53/calls.js'
import { hasTerminals, runAtTerminal } from '../support/cli-terminal.js'
import { closeProcessWorlds, type ProcessWorldOptions, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const one = 'home.example.com,T0KEN-1\n'
const csv = `${one}cabin.example.com,T0KEN-2\n`
const cabin = 'cabin.example.com'

/** A world in which the cabin has both addresses, and home one. */
async function createWorld(route53: ProcessWorldOptions['route53'] = {}) {
  const world = await startProcessWorld({ csv, route53 })
  const zone = world.route53.model.addZone({ name: 'example.com' })
  zone.put({ name: 'home.example.com', type: 'A', ttl: 60, values: ['192.0.2.1'] })
  zone.put({ name: cabin, type: 'A', ttl: 61, values: ['192.0.2.2'] })
  zone.put({ name: cabin, type: 'AAAA', ttl: 62, values: ['2001:0DB8::2'] })
  zone.put({ name: cabin, type: 'TXT', ttl: 60, values: ['"x"'] })
  return Object.assign(world, { zone, ofCabin: () => [...world.held(cabin), ...world.held(cabin, 'AAAA')] })
}

const both = ['192.0.2.2', '2001:0DB8::2']
const shown = `- ${cabin}
- ${cabin} A 192.0.2.2, in Route 53
- ${cabin} AAAA 2001:0DB8::2, in Route 53
`

describe.concurrent('remove-host', () => {
  it('deletes the address records with --records, and nothing else', async () => {
    const { dyndns53, stored, ofCabin, held, zone } = await createWorld()
    const { status, stderr } = await dyndns53('remove-host', cabin, '--yes', '--records')
    expect({ status, stored: stored(), cabin: ofCabin() }).toEqual({ status: 0, stored: one, cabin: [] })
    expect(stderr.startsWith(shown)).toBe(true)
    expect(stderr).toMatch(/\nremoved 1 host .*\ndeleted .* A .*\ndeleted .* AAAA .*\na router that calls/)
    expect([held('home.example.com'), zone.get(cabin, 'TXT')]).toEqual([['192.0.2.1'], [expect.anything()]])
  })

  it.each([
    [
      ['--yes'],
      `${shown}2 records in Route 53 will stay, as --records was not said: delete them in the Route 53 console\n`,
    ],
    [['--yes', '--keep-records'], `- ${cabin}\n`],
  ])('leaves them alone with %j, and says so', async (args, said) => {
    const { dyndns53, stored, ofCabin } = await createWorld()
    const { status, stderr } = await dyndns53('remove-host', cabin, ...args)
    expect({ status, stored: stored(), cabin: ofCabin() }).toEqual({ status: 0, stored: one, cabin: both })
    expect(stderr).toBe(`${said}removed 1 host from s3://dyndns.example.com/database.csv\n`)
  })

  it('says what stays as it is no simple address record, and why', async () => {
    const { dyndns53, zone, ofCabin } = await createWorld()
    zone.put({ name: cabin, type: 'A', ttl: 60, values: ['192.0.2.2', '192.0.2.3'] })
    const { status, stderr } = await dyndns53('remove-host', cabin, '--yes', '--records')
    expect({ status, cabin: ofCabin() }).toEqual({ status: 0, cabin: ['192.0.2.2', '192.0.2.3'] })
    expect(stderr).toMatch(/^stays: Route 53 holds at cabin\.example\.com an A record of 2 values/m)
  })

  it.each([
    ['has another address', ['192.0.2.9']],
    ['has become a set of two', ['192.0.2.2', '192.0.2.9']],
  ])('leaves alone what %s since it was shown', async (_, values) => {
    const world = await createWorld({
      allow(call: Call) {
        if (call.action === 'ChangeResourceRecordSets')
          world.zone.put({ name: cabin, type: 'A', ttl: 61, values })
        return true
      },
    })
    const { status, stderr } = await world.dyndns53('remove-host', cabin, '--yes', '--records')
    expect({ status, cabin: world.ofCabin() }).toEqual({ status: 0, cabin: values })
    expect(stderr).toMatch(/^cabin\.example\.com A 192\.0\.2\.2 is not what Route 53 holds any more/m)
  })

  it('says which record may not be deleted, though the host is gone', async () => {
    const { dyndns53, stored, ofCabin } = await createWorld({
      allow: (call: Call) => call.action !== 'ChangeResourceRecordSets',
    })
    const { status, stderr } = await dyndns53('remove-host', cabin, '--yes', '--records')
    expect({ status, stored: stored(), cabin: ofCabin() }).toEqual({ status: 1, stored: one, cabin: both })
    expect(stderr).toMatch(/ A 192\.0\.2\.2 stays in Route 53: the AWS key may not do route53:Change/)
    expect(stderr).toMatch(/\ndyndns53: 2 records in Route 53 could not be deleted\n$/)
  })

  it('removes nothing where records shall go that it may not read, and the host where it was not told so', async () => {
    const { dyndns53, stored } = await createWorld({ allow: () => false })
    const refused = await dyndns53('remove-host', cabin, '--yes', '--records')
    expect({ status: refused.status, stored: stored() }).toEqual({ status: 1, stored: csv })
    expect(refused.stderr).toMatch(/nothing was removed: .*ListHostedZones.*--keep-records\n$/)
    const removed = await dyndns53('remove-host', cabin, '--yes')
    expect({ status: removed.status, stored: stored() }).toEqual({ status: 0, stored: one })
    expect(removed.stderr).toMatch(/cannot be read: .*; they stay\n/)
  })

  it('is not told both', async () => {
    const { dyndns53, stored } = await createWorld()
    const { status } = await dyndns53('remove-host', cabin, '--yes', '--records', '--keep-records')
    expect({ status, stored: stored() }).toEqual({ status: 2, stored: csv })
  })
})

describe.skipIf(!hasTerminals)('remove-host, at a terminal', { concurrent: true }, () => {
  it.each([
    ['y\n', { stored: one, cabin: [] }, /deleted cabin/],
    ['n\n', { stored: one, cabin: both }, /2 records in Route 53 will stay\r\n/],
    ['\x03', { stored: csv, cabin: both }, /interrupted, and nothing was written/],
  ])('asks for the records after the host: %j', async (keys, left, message) => {
    const world = await createWorld()
    const { printed } = await runAtTerminal(world, ['remove-host', cabin], 'y\n', keys)
    expect({ stored: world.stored(), cabin: world.ofCabin() }).toEqual(left)
    expect(printed).toContain('And its records in Route 53? [y/N] ')
    expect(printed).toMatch(message)
  })
})
