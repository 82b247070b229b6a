import { afterAll, describe, expect, it } from 'vitest'
import type { Call } from '../../emulators/route53/calls.js'
import { closeProcessWorlds } from '../support/processes.js'
import { createDoctorWorld, examine, expectFindings, itFinds } from './doctor-world.js'

afterAll(closeProcessWorlds)

/** What a policy lets through that allows these actions and types of a change, and all that only reads. */
const allowOnly = (actions: readonly string[], types: readonly string[]) => (call: Call) =>
  call.action !== 'ChangeResourceRecordSets' ||
  call.changes.every(({ action, recordSet }) => actions.includes(action) && types.includes(recordSet.type))

const may = (actions: readonly string[], types: readonly string[] = ['A', 'AAAA']) => ({
  route53: { allow: allowOnly(actions, types) },
})

const mayNot =
  /may not write the addresses of home\.example\.com in the zone example\.com \(Z\w+\): its policy must allow CREATE and DELETE of A and AAAA .*UPSERT.*iam-policy prints it/

describe.concurrent('doctor, permission to write', () => {
  itFinds({
    'by a policy of before, of UPSERT alone': {
      options: may(['UPSERT']),
      findings: [['failed', 'permission', mayNot]],
    },
    'for CREATE alone': { options: may(['CREATE']), findings: [['failed', 'permission', mayNot]] },
    'for DELETE alone': { options: may(['DELETE']), findings: [['failed', 'permission', mayNot]] },
    'for nothing': { options: may([]), findings: [['failed', 'permission', mayNot]] },
    'for IPv4 alone': {
      options: may(['CREATE', 'DELETE'], ['A']),
      findings: [
        ['warning', 'permission', /may write the A record of home\.example\.com .*, but no AAAA record: /],
      ],
    },
    'for just what is needed': { options: may(['CREATE', 'DELETE']), findings: [] },
    'not to be asked for while another change is in flight': {
      arrange: ({ zone }) => void zone.inFlight.add({ untilMs: Number.POSITIVE_INFINITY }),
      findings: [['skipped', 'permission', /home\.example\.com .*: another change of the zone is in flight/]],
    },
    'as the API reference says it, and not as AWS does': {
      options: { route53: { invalidChangeBatchForm: 'InvalidChangeBatch' } },
      findings: [],
    },
    'for a part of the zones': {
      arrange(world) {
        const other = world.route53.model.addZone({ name: 'example.net' })
        world.putCsv(
          'home.example.com,T0KEN-that-is-long-enough\nhome.example.net,T0KEN-that-is-long-enough\n',
        )
        world.route53.allow = (call) => call.action !== 'ChangeResourceRecordSets' || call.zoneId !== other.id
      },
      findings: [['failed', 'permission', /may not write the addresses of home\.example\.net in the zone/]],
    },
  })

  // Of these, the batch has each in a change.
  it.each(['192.0.2.1', '192.0.2.2', '192.0.2.3'])('is asked for without a change of %s', async (address) => {
    const world = await createDoctorWorld()
    world.putRecord({ name: 'home.example.com', type: 'A', values: [address] })
    expectFindings(await examine(world), [])
    expect(world.held('home.example.com')).toEqual([address])
  })

  it('is asked for without making a record', async () => {
    const world = await createDoctorWorld()
    world.zone.remove('home.example.com', 'A')
    expectFindings(await examine(world), [])
    expect(world.held('home.example.com')).toEqual([])
  })
})
