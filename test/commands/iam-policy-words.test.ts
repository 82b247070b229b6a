import { afterAll, describe, expect, it } from 'vitest'
import {
  closeProcessWorlds,
  type ProcessWorldOptions,
  secretKey,
  startProcessWorld,
} from '../support/processes.js'
import { allows, change } from './iam-evaluator.js'

afterAll(closeProcessWorlds)

describe.concurrent('what is left out or too much is said', () => {
  it('hosts without a zone, or with two, and bad lines', async () => {
    const world = await startProcessWorld({
      csv: 'home.example.com,t\nhome.example.org,t\na.twin.net,t\nb.twin.net,t\nT0KEN\n',
    })
    for (const name of ['example.com', 'twin.net', 'twin.net']) world.route53.model.addZone({ name })
    const { status, stdout, stderr } = await world.run(['iam-policy'])
    expect(status).toBe(0)
    expect(stdout.toString()).not.toMatch(/example\.org|twin/)
    expect(stderr).toContain('s3://dyndns.example.com/database.csv: 1 bad line left out')
    expect(stderr).toMatch(/^left out home\.example\.org: no public hosted zone .*: create the zone/m)
    expect(stderr).toMatch(
      /^left out a\.twin\.net, b\.twin\.net: two public hosted zones .* in DYNDNS_ZONE_IDS$/m,
    )
    expect(stderr).not.toContain('T0KEN')
  })

  it('thousands of them in a few lines', async () => {
    const world = await startProcessWorld({
      csv: `${csvOf(Array.from({ length: 3000 }, (_, i) => `h${i}.example.org`))}home.example.com,t`,
    })
    world.route53.model.addZone({ name: 'example.com' })
    const { status, stderr } = await world.run(['iam-policy'])
    expect({ status, lines: stderr.split('\n').length < 30 }).toEqual({ status: 0, lines: true })
    expect(stderr).toContain('left out 2980 more hosts without a zone')
  })

  const managed = /: too long for an inline policy of a user \(2048\), fits a managed policy \(6144\)/
  it.each<[string, string[], RegExp]>([
    ['40 hosts', ['--no-certificates'], /: fits an inline policy/],
    ['100 hosts', ['--no-certificates'], managed],
    ['10 hosts', [], /: fits an inline policy/],
    ['70 hosts', [], managed],
  ])('%s %j', async (hosts, args, words) => {
    const names = manyNames(Number.parseInt(hosts, 10))
    const world = await startProcessWorld({ csv: csvOf(names) })
    const { id } = world.route53.model.addZone({ name: 'example.com' })
    const { status, stdout, stderr } = await world.run(['iam-policy', ...args])
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(words) })
    expect(stderr).not.toContain('*')
    expect(stdout.toString().replace(/\s/g, '').length).toBeLessThanOrEqual(6144)
    const policy = JSON.parse(stdout.toString())
    expect(names.filter((name) => !allows(policy, change(id, { names: [name] })))).toEqual([])
    expect(allows(policy, change(id, { names: ['www.example.com'] }))).toBe(false)
  })

  it('hosts that do not fit are never silently widened: it says what to ask for', async () => {
    const world = await startProcessWorld({ csv: csvOf(manyNames(1000)) })
    world.route53.model.addZone({ name: 'example.com' })
    const { status, stdout, stderr } = await world.run(['iam-policy'])
    expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
    expect(stderr).toMatch(
      /^dyndns53: the policy would have \d{5} characters, and IAM takes 6144: .* with --below DOMAIN, .*\n$/,
    )
    expect(await world.run(['iam-policy', '--below', 'dyn.example.com'])).toMatchObject({ status: 0 })
  })

  it.each<[string, ProcessWorldOptions, Record<string, string>, RegExp]>([
    ['no host in a zone', { csv: 'home.example.org,t\n' }, {}, /there is nothing to allow/],
    ['no database', { csv: undefined }, {}, /there is no object database\.csv/],
    [
      'no permission',
      { route53: { allow: () => false } },
      {},
      /may not do route53:ListHostedZones: allow it/,
    ],
    [
      'no permission for a named zone',
      { route53: { allow: () => false } },
      { DYNDNS_ZONE_IDS: 'Z1' },
      /may not do route53:GetHostedZone: allow it/,
    ],
    [
      'an unknown key',
      { route53: { accessKeyId: 'AKIAOTHER' } },
      {},
      /Route 53 does not accept the AWS credentials/,
    ],
    [
      'a zone id that is not there',
      {},
      { DYNDNS_ZONE_IDS: 'Z123' },
      /^DYNDNS_ZONE_IDS names Z123, which is no public hosted zone of this AWS account: correct it$/m,
    ],
    ['bad zone ids', {}, { DYNDNS_ZONE_IDS: 'z 1' }, /DYNDNS_ZONE_IDS is "z 1"/],
    [
      'nothing there',
      {},
      { AWS_ENDPOINT_URL_ROUTE_53: 'http://127.0.0.1:9' },
      /Route 53 is out of reach .*ECONNREFUSED/,
    ],
  ])('%s: one sentence, exit status 1, no policy', async (_, options, change, sentence) => {
    const world = await startProcessWorld({ csv: 'home.example.com,T0KEN\n', ...options })
    world.route53.model.addZone({ name: 'example.com' })
    const { status, stdout, stderr } = await world.run(['iam-policy'], change)
    expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^dyndns53: /)
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/T0KEN|S3CR3T|AKIA/)
    expect(stderr).not.toContain(secretKey)
  })
})

function manyNames(number: number): string[] {
  return Array.from({ length: number }, (_, i) => `host-${i}.dyn.example.com`)
}

function csvOf(names: readonly string[]): string {
  return names.map((name) => `${name},t\n`).join('')
}
