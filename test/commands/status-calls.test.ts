import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../hostile/wire.js'
import { type Cluster, describePostgres, startCluster } from '../sharing/cluster.js'
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.js'
import { closeProcessWorlds } from '../support/processes.js'

let postgres: TestPostgres
beforeAll(async () => {
  if (findPostgres()) postgres = await startPostgres()
})
afterAll(() => postgres?.close())
afterAll(closeProcessWorlds)

describePostgres('status, where the service keeps a history', () => {
  let cluster: Cluster
  /** host0 called just now, host1 nine days ago, host2 failed to log in and never called. */
  beforeAll(async () => {
    cluster = await startCluster(postgres, 3)
    const member = await cluster.add()
    const [now, silent, stranger] = cluster.hosts as [Login, Login, Login]
    await member.register(now, '203.0.113.1')
    await member.register(silent, '203.0.113.2')
    await member.register({ ...stranger, token: 'another-T0KEN' }, '203.0.113.3')
    const noted = () => cluster.database.query('SELECT host FROM dyndns53.calls')
    await eventually(async () => (await noted()).length === 3)
    const nineDaysEarlier = `first = first - interval '9 days', last = last - interval '9 days'`
    await cluster.database.query(`UPDATE dyndns53.calls SET ${nineDaysEarlier} WHERE host = $1`, [
      silent.user,
    ])
  })
  afterAll(() => cluster?.close())

  type Login = Cluster['hosts'][number]
  const status = async (args: string[], url = cluster.database.url) => {
    const { world } = cluster
    const run = await world.run(['status', '--dns', world.dnsServer, ...args], { DATABASE_URL: url })
    return { status: run.status, stdout: run.stdout.toString(), stderr: run.stderr }
  }
  const moment = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`

  it('shows the last call of each host beside what Route 53 holds', async () => {
    const { status: code, stdout, stderr } = await status([])
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: '3 hosts, 2 of them with an address that the DNS answers\n',
    })
    expect(stdout.split('\n')).toEqual([
      'host0.example.com  A 203.0.113.1, TTL 60 s, and the DNS answers the same',
      expect.stringMatching(`^host0\\.example\\.com {2}last call: ${moment} {2}203\\.0\\.113\\.1 {2}good$`),
      'host1.example.com  A 203.0.113.2, TTL 60 s, and the DNS answers the same',
      expect.stringMatching(`last call: ${moment} {2}203\\.0\\.113\\.2 {2}good {2}silent for 9 days$`),
      'host2.example.com  no address record, and the DNS answers none: it has not registered yet',
      'host2.example.com  last call: none known',
      '',
    ])
  })

  it.each([
    [['--stale', '7d'], ['host1', 'host2'], '2 of 3 hosts with no call for 7d'],
    [['--stale', '240h'], ['host2'], '1 of 3 hosts with no call for 240h'],
    [['--stale', '1w', 'host0.example.com', 'host1.example.com'], ['host1'], '1 of 2 hosts with'],
    [['--stale', '2w', 'host0.example.com'], [], '0 of 1 host with no call for 2w'],
  ])('%j shows who is silent, and nobody else', async (args, labels, words) => {
    const { status: code, stdout, stderr } = await status(args)
    expect(code).toBe(0)
    const shown = stdout.split('\n').map((line) => line.split('.')[0])
    expect([...new Set(shown)].filter(Boolean)).toEqual(labels)
    expect(stderr).toContain(words)
    expect(stderr).toMatch(/, as far as the history goes back\n$/)
  })

  it('says the same as JSON', async () => {
    const { stdout } = await status(['--stale', '7d', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([
      {
        host: 'host1.example.com',
        records: [{ address: '203.0.113.2' }, { kind: 'absent' }],
        lastCall: {
          last: expect.stringMatching(/Z$/),
          from: '203.0.113.2',
          wanted: '203.0.113.2',
          outcome: 'good',
        },
      },
      { host: 'host2.example.com', lastCall: null },
    ])
    const plain = await cluster.world.run(['status', '--json', '--dns', cluster.world.dnsServer])
    expect(JSON.parse(plain.stdout.toString())[0]).not.toHaveProperty('lastCall')
  })

  it('while PostgreSQL is away, shows all the rest and says so', async () => {
    const { status: code, stdout, stderr } = await status([], 'postgres://u:P4SSWORD@127.0.0.1:1/name')
    expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, lines: 3 })
    expect(stderr).toMatch(
      /^shown without the last calls: the history in PostgreSQL .*ECONNREFUSED.*\n3 hosts/,
    )
    expect(stderr).not.toContain('P4SSWORD')
  })
})
