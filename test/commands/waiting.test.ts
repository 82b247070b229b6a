import { afterAll, describe, expect, it } from 'vitest'
import { hasTerminals, runAtTerminal } from '../support/cli-terminal.js'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const csv = 'home.example.com,T0KEN-of-the-house\n'

describe.concurrent('a slow answer', () => {
  it.skipIf(!hasTerminals)('at a terminal: after a second it is said what is waited for', async () => {
    const world = await startProcessWorld({ csv, zones: ['example.com'] })
    world.s3.inject({ kind: 'delay', ms: 1500 })
    const { status, printed } = await runAtTerminal(world, ['list-hosts'], '')
    expect(status).toBe(0)
    expect(printed).toContain('waiting for S3, for s3://dyndns.example.com/database.csv …')
    world.route53.inject({ kind: 'delay', ms: 1500 })
    const policy = await runAtTerminal(world, ['iam-policy'], '')
    expect(policy).toMatchObject({ status: 0, printed: expect.stringContaining('waiting for Route 53 …') })
    for (const args of [
      ['status', '--dns', world.dnsServer],
      ['add-host', 'new.example.com'],
      ['remove-host', 'new.example.com', '--yes'],
    ]) {
      world.route53.inject({ kind: 'delay', ms: 1500 })
      const { status, printed } = await runAtTerminal(world, args, '')
      expect({ status, printed }).toEqual({
        status: 0,
        printed: expect.stringContaining('waiting for Route 53 …'),
      })
    }
    world.s3.inject({ kind: 'delay', ms: 1500 })
    const doctor = await runAtTerminal(world, ['doctor', '--dns', world.dnsServer], '')
    expect(doctor.printed).toContain('waiting for AWS and the DNS …')
  })

  it('is waited for in silence where no person looks', async () => {
    const { s3, dyndns53 } = await startProcessWorld({ csv })
    s3.inject({ kind: 'delay', ms: 1500 })
    expect(await dyndns53('list-hosts')).toMatchObject({ status: 0, stderr: '' })
  })
})

describe.concurrent('no answer at all', () => {
  it('of S3 ends in a sentence that names the endpoint', async () => {
    const { s3, dyndns53 } = await startProcessWorld({ csv })
    s3.inject({ kind: 'stall', times: 99 })
    const { status, stderr } = await dyndns53('list-hosts')
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `dyndns53: the host database s3://dyndns.example.com/database.csv is out of reach (no answer from ${s3.url} in time): check the network of this machine, and AWS_ENDPOINT_URL_S3 if it is set\n`,
    })
  })

  it('of Route 53 too', async () => {
    const { route53, dyndns53 } = await startProcessWorld({ csv, zones: ['example.com'] })
    route53.inject({ kind: 'stall', times: 99 })
    const { status, stderr } = await dyndns53('iam-policy')
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `dyndns53: Route 53 is out of reach (no answer from ${route53.url} in time): check the network of this machine, and AWS_ENDPOINT_URL_ROUTE_53 if it is set\n`,
    })
  })

  it('of either is no AbortError to the doctor', async () => {
    const { s3, route53, dnsServer, dyndns53 } = await startProcessWorld({ csv, zones: ['example.com'] })
    s3.inject({ kind: 'stall', times: 99 })
    route53.inject({ kind: 'stall', times: 99 })
    const { status, stdout } = await dyndns53('doctor', '--dns', dnsServer)
    expect(status).toBe(1)
    expect(stdout.toString()).toContain(`no answer from ${s3.url} in time`)
    expect(stdout.toString()).toContain(`no answer from ${route53.url} in time`)
    expect(stdout.toString()).not.toContain('AbortError')
  })
})
