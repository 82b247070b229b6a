import { afterAll, describe, expect, it } from 'vitest'
import { closeProcessWorlds, secretKey } from '../support/processes.js'
import { createDoctorWorld, examine, expectFindings } from './doctor-world.js'

afterAll(closeProcessWorlds)

describe.concurrent('doctor', () => {
  it('says of each check that all is well', async () => {
    const world = await createDoctorWorld()
    expect(await examine(world)).toEqual([
      'ok       configuration  every variable that the service reads is in order',
      'ok       configuration  DYNDNS_NOTIFY_URL is not set: the service tells nobody what happens',
      `ok       configuration  settings from the environment: ${Object.keys(world.env)
        .filter((name) => name !== 'HOME')
        .sort()
        .join(', ')}`,
      'ok       credentials    AWS knows them',
      'ok       bucket         the host database s3://dyndns.example.com/database.csv can be read (87 bytes)',
      'ok       rows           2 hosts may register',
      'ok       zone list      1 public hosted zone: example.com',
      `ok       host zones     2 hosts in 1 zone: example.com (${world.zone.id})`,
      'ok       record list    the records of example.com can be listed',
      'ok       records        the service may write at 2 names: 1 with an address, 1 without one yet',
      'ok       permission     the AWS key may write at home.example.com, tried at one host of each zone',
      'ok       delegation     the DNS leads to the name servers of Route 53 for example.com',
      'ok       leftovers      S3 keeps no older version of the database: which hosts are gone is not known',
      'ok       clock          the clock of this machine is within 60 s of that of AWS',
    ])
  })

  it('warns of a setting that nothing reads', async () => {
    const world = await createDoctorWorld()
    const { status, stdout } = await world.run(['doctor', '--dns', world.dnsServer], { DYNDNS_ZONE_ID: 'Z1' })
    expect(status).toBe(0)
    expect(stdout.toString()).toMatch(
      /^warning +configuration +DYNDNS_ZONE_ID is set, and nothing reads it: write DYNDNS_ZONE_IDS, if that is meant$/m,
    )
  })

  it('says whom the service tells what happens, and no secret of it', async () => {
    const world = await createDoctorWorld()
    const line = async (change: Record<string, string>) => {
      const { stdout } = await world.run(['doctor', '--dns', world.dnsServer], change)
      expect(stdout.toString()).not.toContain('S3CR3T')
      return stdout.toString().split('\n')[1]
    }
    const urls = 'https://ntfy.sh/S3CR3T slack+http://u:S3CR3T@10.0.0.7:8080/S3CR3T'
    expect(await line({ DYNDNS_NOTIFY_URL: urls, DYNDNS_SILENT_HOURS: '48' })).toBe(
      'ok       configuration  notices go to ntfy.sh (ntfy), 10.0.0.7:8080 (slack), also of hosts that are silent for 48 hours: dyndns53 notify --test tries it',
    )
    expect(await line({ DYNDNS_NOTIFY_URL: 'http:S3CR3T' })).toMatch(
      /^failed +configuration +DYNDNS_NOTIFY_URL is malformed \(URL 1 of 1 does not begin/,
    )
    const { stdout } = await world.run(['doctor', '--dns', world.dnsServer], { DYNDNS_SILENT_HOURS: '48' })
    expect(stdout.toString()).toMatch(/^warning .* so DYNDNS_SILENT_HOURS does nothing$/m)
  })

  it('says the same as JSON', async () => {
    const world = await createDoctorWorld()
    world.putCsv('home.example.com,T0KEN-that-is-long-enough\nT0KEN\n')
    const lines = await examine(world)
    const { status, stdout, stderr } = await world.run(['doctor', '--json', '--dns', world.dnsServer])
    const findings: { check: string; status: string; message: string }[] = JSON.parse(stdout.toString())
    expect(
      findings.map(({ check, status, message }) => `${status.padEnd(7)}  ${check.padEnd(13)}  ${message}`),
    ).toEqual(lines)
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('1 finding failed') })
  })

  it('makes few calls and few lines of thousands of hosts', async () => {
    const world = await createDoctorWorld({ route53: { quotas: { requests: { burst: 50, perSecond: 10 } } } })
    const names = Array.from({ length: 3000 }, (_, i) => `h${i}.dyn.example.com`)
    const strangers = Array.from({ length: 3000 }, (_, i) => `h${i}.example.org`)
    world.putCsv([...names, ...strangers].map((name) => `${name},T0KEN-that-is-long-enough\n`).join(''))
    for (const name of names) world.putRecord({ name, type: 'CNAME', values: ['x.example.com'] })
    const lines = await examine(world)
    expect(lines.length).toBeLessThan(40)
    expect(lines.at(-5)).toMatch(/^failed +records +and 2990 more hosts of that kind$/)
    expect(lines).toContainEqual(
      expect.stringMatching(/^failed +host zones +and 2990 more hosts of that kind$/),
    )
    expect(world.route53.model.log.statistics()).toMatchObject({ throttled: 0 })
    expect(world.route53.model.log.statistics().reads).toBeLessThan(25)
  })

  it('does not pass on what commands a terminal', async () => {
    const world = await createDoctorWorld()
    world.putRecord({
      name: 'home.example.com',
      type: 'A',
      setIdentifier: '\x1b[31mred\x07',
      weight: 1,
      values: [],
    })
    const lines = await examine(world)
    expectFindings(lines, [['failed', 'records', /set " \[31mred "/]])
  })

  it.each<[string[], RegExp]>([
    [['--url', 'ftp://u:S3CR3T@example.com'], /^error: --url takes the URL of the service/],
    [['--url', 'example.com'], /^error: --url takes the URL of the service/],
    [['--dns', 'ns.example.com'], /^error: --dns takes the address of a DNS server/],
    [['--dns', ''], /^error: --dns takes the address of a DNS server/],
    [['--fix'], /^error: unknown option '--fix'\n$/],
  ])('%j is no way to call it', async (args, message) => {
    const world = await createDoctorWorld()
    const { status, stdout, stderr } = await world.run(['doctor', ...args])
    expect({ status, out: stdout.length }).toEqual({ status: 2, out: 0 })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('S3CR3T')
    expect(stderr).not.toContain(secretKey)
    expect(world.s3.calls).toEqual([])
  })
})
