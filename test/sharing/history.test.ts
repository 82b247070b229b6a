import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMemoryHistory } from '../../src/history/memory-history.js'
import { monotonicClock } from '../../src/net/clock.js'
import { createStoredHistory } from '../../src/sharing/stored-history.js'
import { createHistoryTables } from '../../src/store/history-tables.js'
import { createLockoutRows } from '../../src/store/lockout-rows.js'
import { migrate } from '../../src/store/migrations.js'
import { createPostgres } from '../../src/store/postgres.js'
import { createWantedRows } from '../../src/store/wanted-rows.js'
import { eventually } from '../hostile/wire.js'
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.js'
import { closeProcessWorlds } from '../support/processes.js'
import { type Cluster, describePostgres, startCluster } from './cluster.js'

let postgres: TestPostgres
beforeAll(async () => {
  if (findPostgres()) postgres = await startPostgres()
})
afterAll(() => postgres?.close())
afterAll(closeProcessWorlds)

const [home, cabin] = ['host0.example.com', 'host1.example.com']

const call = {
  host: home,
  outcome: 'nochg',
  wanted: '203.0.113.1',
  userAgent: 'x',
  path: '/nic/update',
  times: 1,
} as const

describePostgres('the history', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster(postgres, 3)
  })
  afterAll(() => cluster?.close())

  const command = async (...args: string[]) => {
    const { status, stdout, stderr } = await cluster.world.run(args, { DATABASE_URL: cluster.database.url })
    return { status, stdout: stdout.toString(), stderr }
  }
  const readJson = async (host: string) => JSON.parse((await command('history', host, '--json')).stdout)

  it('is what became of each call, whichever process it came to, and outlives them', async () => {
    const [first, second] = [await cluster.add(), await cluster.add()]
    const [host, other] = cluster.hosts as [(typeof cluster.hosts)[0], (typeof cluster.hosts)[0]]
    for (const member of [first, second, first]) await member.register(host, '203.0.113.1')
    await first.register({ ...host, token: 'wrong-T0KEN' }, '203.0.113.9')
    await second.register(host, '203.0.113.2')
    await second.register(other, '10.0.0.1', '/nic/update?myip=203.0.113.4&password=S3CR3T')
    await eventually(async () => {
      const { changes } = await readJson(home)
      return changes.length === 2 && (await readJson(cabin)).calls.length === 1
    })
    for (const { process } of [first, second]) process.child.kill('SIGKILL')
    const { calls, changes } = await readJson(home)
    expect(changes).toEqual([
      { at: expect.any(String), type: 'A', address: '203.0.113.2' },
      { at: expect.any(String), type: 'A', address: '203.0.113.1' },
    ])
    const times = (outcome: string, wanted: string) =>
      calls
        .filter(
          (call: { outcome: string; wanted: string }) => call.outcome === outcome && call.wanted === wanted,
        )
        .reduce((sum: number, call: { times: number }) => sum + call.times, 0)
    expect(times('good', '203.0.113.1') + times('nochg', '203.0.113.1')).toBe(3)
    expect(times('good', '203.0.113.2')).toBe(1)
    expect(times('wrong-token', '')).toBe(1)
    expect(calls[0]).toMatchObject({ path: '/register_ip', userAgent: expect.any(String) })
    expect((await readJson(cabin)).calls).toMatchObject([
      { from: '10.0.0.1', wanted: '203.0.113.4', path: '/nic/update' },
    ])
    const kept = JSON.stringify(await cluster.database.query('SELECT * FROM dyndns53.calls'))
    expect(kept).not.toMatch(/T0KEN|S3CR3T|token-of/)
  })

  it('is written for a person', async () => {
    const { status, stdout, stderr } = await command('history', home)
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'changes:\n' })
    expect(stdout).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]+Z {2}good {2}203\.0\.113\.2 {2}from 203\.0\.113\.2 {2}\/register_ip {2}/,
    )
    expect(stdout).toMatch(/Z {2}A {2}203\.0\.113\.1\n$/)
    expect(await command('history', 'host2.example.com')).toEqual({
      status: 0,
      stdout: '',
      stderr: 'nothing is known of host2.example.com\n',
    })
  })

  it('says of each host when it called last', async () => {
    await cluster.database.query(
      `UPDATE dyndns53.calls SET first = first - interval '9 days', last = last - interval '9 days' WHERE host = $1`,
      [cabin],
    )
    const { stdout } = await command('list-hosts', '--seen')
    expect(stdout).toMatch(/^host0\.example\.com {2}\S+Z {2}203\.0\.113\.2 {2}good\n/)
    expect(stdout).toMatch(/\nhost1\.example\.com {2}\S+Z {2}203\.0\.113\.4 {2}good {2}silent for 9 days\n/)
    expect(stdout).toMatch(/\nhost2\.example\.com {2}none known\n$/)
    const json = JSON.parse((await command('list-hosts', '--seen', '--json')).stdout)
    expect(json.map(({ lastCall }: { lastCall: { wanted: string } | null }) => lastCall?.wanted)).toEqual([
      '203.0.113.2',
      '203.0.113.4',
      undefined,
    ])
  })

  it('is missed plainly where there is none, and no password is said', async () => {
    for (const args of [
      ['history', home],
      ['list-hosts', '--seen'],
    ]) {
      const without = await cluster.world.run(args)
      expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining('DATABASE_URL is not set') })
      const away = await cluster.world.run(args, { DATABASE_URL: 'postgres://u:P4SSWORD@127.0.0.1:1/name' })
      expect(away).toMatchObject({ status: 1, stderr: expect.stringContaining('ECONNREFUSED') })
      expect(away.stderr).not.toContain('P4SSWORD')
    }
  })

  it('is checked by doctor', async () => {
    const { stdout } = await command('doctor', '--dns', cluster.world.dnsServer)
    expect(stdout).toMatch(
      /\nok +postgresql +PostgreSQL \d+\.\d+ answers, and \d+ of its 40 connections are in use; not encrypted\n/,
    )
    const away = await cluster.world.run(['doctor', '--dns', cluster.world.dnsServer], {
      DATABASE_URL: 'postgres://u:P4SSWORD@127.0.0.1:1/name',
    })
    expect(away.stdout.toString()).toMatch(
      /\nfailed +postgresql +PostgreSQL cannot be asked \(connect ECONNREFUSED/,
    )
    expect(away.stdout.toString()).not.toContain('P4SSWORD')
  })
})

describePostgres('the tables of the history', () => {
  it('take whatever a stranger calls itself, and all of a batch or nothing', async () => {
    const { url } = await postgres.createDatabase()
    const connection = createPostgres({ url, tls: 'none' })
    await migrate(connection)
    const tables = createHistoryTables(connection)
    for (const userAgent of ['\\u0000', '\\\\u0000', 'a\u0000b', '\ud800!', '\u{1f600}'])
      await tables.note(
        [{ ...call, from: undefined, userAgent, firstAgeMs: 1, lastAgeMs: 1, mayGoOn: true }],
        [],
      )
    const { calls } = await tables.read(home, 10)
    const change = { host: home, type: 'A', address: undefined, ageMs: Number.NaN } as const
    const again = { ...call, from: undefined, userAgent: 'again', firstAgeMs: 1, lastAgeMs: 1, mayGoOn: true }
    await expect(tables.note([again], [change])).rejects.toThrow('null value')
    expect((await tables.read(home, 10)).calls).toEqual(calls)
    expect(calls.map(({ userAgent }) => userAgent).toReversed()).toEqual([
      '\\u0000',
      '\\\\u0000',
      'ab',
      '!',
      '\u{1f600}',
    ])
    await connection.close()
  })

  const call = {
    host: home,
    outcome: 'nochg',
    wanted: '203.0.113.1',
    userAgent: 'x',
    path: '/nic/update',
    times: 1,
  } as const

  it('join what is alike within a day, and let go what is old in small steps', async () => {
    const { url } = await postgres.createDatabase()
    const connection = createPostgres({ url, tls: 'none' })
    await migrate(connection)
    await migrate(connection)
    const tables = createHistoryTables(connection)
    const note = (ageMs: number, change: object = {}, mayGoOn = true) =>
      tables.note(
        [{ ...call, from: '203.0.113.1', firstAgeMs: ageMs, lastAgeMs: ageMs, mayGoOn, ...change }],
        [],
      )
    const hourMs = 3_600_000
    await note(30 * hourMs)
    await note(29 * hourMs)
    await note(5 * hourMs)
    await note(4 * hourMs, { outcome: 'refused', reason: 'a "reason"\u0000' })
    await note(3 * hourMs)
    await note(2 * hourMs, { outcome: 'wrong-token', from: undefined })
    await note(hourMs)
    await note(hourMs / 2, { outcome: 'refused', reason: 'a "reason"' })
    const { calls } = await tables.read(home, 10)
    expect(calls.map(({ outcome, times }) => `${outcome} ${times}`)).toEqual([
      'refused 2',
      'nochg 3',
      'wrong-token 1',
      'nochg 2',
    ])
    expect(await tables.prune(90, 10)).toBe(0)
    await connection.query(`UPDATE dyndns53.calls SET first = first - interval '92 days'`)
    expect(await tables.prune(90, 3)).toBe(3)
    expect(await tables.prune(90, 3)).toBe(1)
    await connection.close()
  })

  it('join calls of two kinds that come in turn, and keep each address that came and went', async () => {
    const { url } = await postgres.createDatabase()
    const connection = createPostgres({ url, tls: 'none' })
    const tables = createHistoryTables(connection)
    await migrate(connection)
    const warnings: object[] = []
    const log = { warn: (what: object) => warnings.push(what) } as unknown as Logger
    const memory = createMemoryHistory()
    const history = createStoredHistory({ tables, memory, days: 90, clock: monotonicClock, log })
    const { host, times, ...plain } = { ...call, from: '203.0.113.1' }
    for (let round = 0; round < 6; round++) {
      for (const wanted of ['203.0.113.1', '2001:db8::1']) history.noteCall(host, { ...plain, wanted })
      if (round % 2 === 0) continue
      history.noteCall(host, { ...plain, outcome: 'good', wanted: `203.0.113.${round % 4}` })
      // Two rounds are written together.
      await history.read(host)
    }
    await history.close()
    const { calls } = await tables.read(host, 100)
    const inWords = calls.map(({ outcome, wanted, times }) => `${outcome} ${wanted} ${times}`).sort()
    expect(inWords).toEqual([
      'good 203.0.113.1 1',
      'good 203.0.113.1 1',
      'good 203.0.113.3 1',
      'nochg 2001:db8::1 6',
      'nochg 203.0.113.1 6',
    ])
    expect(warnings).toEqual([])
    await connection.close()
  })
})

describePostgres('the failed logins', () => {
  it('that are over go with the next ones, and a process that holds one of them up holds up nobody', async () => {
    const { url } = await postgres.createDatabase()
    const connection = createPostgres({ url, tls: 'none' })
    await migrate(connection)
    const lockouts = createLockoutRows(connection)
    await lockouts.add('a process', [{ place: '203.0.113.1', failures: 3 }], 0)
    await lockouts.add('a process', [{ place: '203.0.113.2', failures: 3 }], 600)
    const kept = () =>
      connection.query<{ place: string }>('SELECT place FROM dyndns53.lockouts ORDER BY place')
    expect(await kept()).toEqual([{ place: '203.0.113.2' }])

    await lockouts.add('a process', [{ place: '203.0.113.3', failures: 3 }], 0)
    await connection.transaction(async (query) => {
      await query(`SELECT 1 FROM dyndns53.lockouts WHERE place = '203.0.113.3' FOR UPDATE`)
      await lockouts.add('another', [{ place: '203.0.113.4', failures: 3 }], 600)
    })
    expect((await lockouts.read()).map(({ place }) => place).toSorted()).toEqual([
      '203.0.113.2',
      '203.0.113.4',
    ])
    await connection.close()
  })
})

describePostgres("a person's data", () => {
  it('is found and deleted by the statements of the documents', async () => {
    const database = await postgres.createDatabase()
    const connection = createPostgres({ url: database.url, tls: 'none' })
    await migrate(connection)
    const tables = createHistoryTables(connection)
    const rows = createWantedRows(connection)
    const lockouts = createLockoutRows(connection)
    const theirs = '203.0.113.7'
    const hosts = ['home.example.com', 'other.example.com'].map((host, index) => ({
      host,
      from: index === 0 ? theirs : '203.0.113.8',
    }))
    for (const { host, from } of hosts) {
      const noted = { ...call, host, from, firstAgeMs: 0, lastAgeMs: 0, mayGoOn: true }
      await tables.note([noted], [{ host, type: 'A', address: from, ageMs: 0 }])
      const ask = { item: '', target: { kind: 'address', address: from }, ttlSeconds: 60, ageMs: 0 }
      await rows.ask('a process', [
        { ...ask, name: host, type: 'A' },
        { ...ask, name: `_acme-challenge.${host}`, type: 'TXT', item: '"x"' },
      ])
      await lockouts.add('a process', [{ place: from, failures: 3 }], 600)
    }
    const text = await readFile(new URL('../../docs/postgresql.md', import.meta.url), 'utf8')
    const statements = [...text.matchAll(/^(?:SELECT|DELETE)\b[^;]*;/gm)].map(([statement]) => statement)
    const asking = statements.filter((statement) => statement.startsWith('SELECT'))
    const found = await Promise.all(asking.map((statement) => database.query(statement)))
    expect(found.map(({ length }) => length)).toEqual([1, 1, 2, 1, 1])
    expect(JSON.stringify(found)).not.toMatch(/other|203\.0\.113\.8/)
    const kept = async () =>
      JSON.stringify(
        await Promise.all(
          ['calls', 'changes', 'wanted', 'lockouts'].map((table) =>
            database.query(`SELECT * FROM dyndns53.${table}`),
          ),
        ),
      )
    expect(await kept()).toMatch(/home\.example\.com/)
    for (const statement of statements.filter((one) => one.startsWith('DELETE')))
      await database.query(statement)
    expect(await kept()).not.toMatch(/home\.example\.com|203\.0\.113\.7/)
    expect(await kept()).toMatch(/other\.example\.com.*203\.0\.113\.8/)
    for (const statement of asking) expect(await database.query(statement)).toEqual([])
    await connection.close()
  })
})
