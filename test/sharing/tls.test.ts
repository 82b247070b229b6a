import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { hasOpenssl } from '../hostile/collector.js'
import { type CertificateFiles, makeRoot, type TestRoot } from '../support/certificates.js'
import { findPostgres, startPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.js'
import { startTcpProxy, type TcpProxy } from '../support/proxy.js'
import { type Cluster, describePostgres, startCluster } from './cluster.js'

const here = 'IP:127.0.0.1'
const away = 'PostgreSQL is away: this process goes on alone, and asks Route 53 each time'

let directory: string
let postgres: TestPostgres
let proxy: TcpProxy
let cluster: Cluster
/** Certificates by what is to be said of them. */
let fitting: CertificateFiles
let misnamed: CertificateFiles
let expired: CertificateFiles
let ofClient: CertificateFiles
let selfSigned: TestRoot
let root: TestRoot
let otherRoot: TestRoot

const isPossible = findPostgres() !== undefined && hasOpenssl
if (process.env['CLIENTS_REQUIRED'] && !hasOpenssl)
  it('openssl is installed', () => expect(hasOpenssl).toBe(true))

beforeAll(async () => {
  if (!isPossible) return
  directory = await mkdtemp(join(tmpdir(), 'dyndns53-tls-'))
  root = await makeRoot(directory, 'root')
  otherRoot = await makeRoot(directory, 'other')
  selfSigned = await makeRoot(directory, 'self-signed', here)
  fitting = await root.sign('db', here)
  misnamed = await root.sign('db', 'DNS:db.example.net')
  expired = await root.sign('db', here, -1)
  ofClient = await root.sign('dyndns')
  postgres = await startPostgres()
  proxy = await startTcpProxy(postgres.port)
  cluster = await startCluster(postgres, 2)
})
afterAll(async () => {
  await cluster?.close()
  await proxy?.close()
  await postgres?.close()
  if (directory) await rm(directory, { recursive: true, force: true })
})

let database: TestDatabase
beforeEach(async () => {
  // Nobody else's lease is in it.
  if (isPossible) database = await postgres.createDatabase()
})

const urlWith = (query: string) =>
  database.url.replace(`:${postgres.port}/`, `:${proxy.port}/`) + (query && `?${query}`)

/** What PostgreSQL knows of the connections of the service. */
const connectionsOf = () =>
  database.query(
    `SELECT ssl, client_dn FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
     WHERE application_name = 'dyndns53' AND datname = current_database()`,
  )

const doctor = async (env: Record<string, string>) => {
  const { stdout } = await cluster.world.run(['doctor', '--dns', cluster.world.dnsServer], env)
  return /^\S+ +postgresql +.*$/m.exec(stdout.toString())?.[0].replace(/ +/g, ' ')
}

describePostgres(hasOpenssl ? 'TLS to PostgreSQL' : 'TLS to PostgreSQL (openssl is not installed)', () => {
  const file = (path: string) => encodeURIComponent(path)
  const rootOf = ({ certificateFile }: CertificateFiles) => `sslrootcert=${file(certificateFile)}`

  const good: [string, () => CertificateFiles | undefined, () => Record<string, string>, boolean, RegExp][] =
    [
      ['a dyno', () => selfSigned, () => ({ DYNO: 'web.1' }), true, /its certificate is not looked at/],
      ['require', () => selfSigned, () => mode('sslmode=require'), true, /its certificate is not looked at/],
      ['no-verify', () => expired, () => mode('sslmode=no-verify'), true, /its certificate is not looked at/],
      [
        'verify-full and a root',
        () => fitting,
        () => mode(`sslmode=verify-full&${rootOf(root)}`),
        true,
        /by the host's own certificate/,
      ],
      [
        'verify-full and a certificate that is its own root',
        () => selfSigned,
        () => mode(`sslmode=verify-full&${rootOf(selfSigned)}`),
        true,
        /by the host's own certificate/,
      ],
      ['a root alone', () => fitting, () => mode(rootOf(root)), true, /by the host's own certificate/],
      [
        'verify-ca, whatever the name',
        () => misnamed,
        () => mode(`sslmode=verify-ca&${rootOf(root)}`),
        true,
        /by a certificate of the root/,
      ],
      [
        'require and a root',
        () => misnamed,
        () => mode(`sslmode=require&${rootOf(root)}`),
        true,
        /by a certificate of the root/,
      ],
      ['nothing', () => fitting, () => mode(''), false, /; not encrypted$/],
      ['disable', () => fitting, () => mode(`sslmode=disable&${rootOf(root)}`), false, /; not encrypted$/],
    ]
  const mode = (query: string) => ({ DATABASE_URL: urlWith(query) })

  it.skipIf(!isPossible).each(good)(
    'is as %s asks for it, on every connection',
    async (_, certificate, env, isEncrypted, finding) => {
      await postgres.useCertificate(await certificate()?.read())
      const change = { DATABASE_URL: urlWith(''), ...env() }
      const server = await cluster.world.start(change)
      try {
        await server.process.logged('this process writes to Route 53 for all')
        const answer = await server.register(cluster.hosts[0], '203.0.113.1')
        expect(answer.body).toMatch(/^(good|nochg) 203\.0\.113\.1$/)
        const connections = await connectionsOf()
        expect(connections.length).toBeGreaterThan(1)
        expect(connections.map(({ ssl }) => ssl)).toEqual(connections.map(() => isEncrypted))
        expect(await doctor(change)).toMatch(finding)
        expect(server.process.printed()).not.toContain(away)
      } finally {
        server.process.child.kill('SIGKILL')
        await server.process.exited
      }
    },
  )

  const bad: [string, () => CertificateFiles | undefined, () => string, RegExp][] = [
    ['is not there', () => undefined, () => 'sslmode=require', /The server does not support SSL connections/],
    ['is not there, on a dyno', () => undefined, () => '', /The server does not support SSL connections/],
    [
      'has no public root',
      () => selfSigned,
      () => 'sslmode=verify-full',
      /self-signed certificate.*: no root that is trusted here .* sslrootcert=FILE names another root/,
    ],
    [
      'has another root',
      () => fitting,
      () => `sslmode=verify-full&${rootOf(otherRoot)}`,
      /unable to (verify|get).*: no root that is trusted here .* sslrootcert=FILE names another root/,
    ],
    [
      'has another root, for verify-ca',
      () => fitting,
      () => `sslmode=verify-ca&${rootOf(otherRoot)}`,
      /unable to (verify|get).*: no root that is trusted here .* sslrootcert=FILE names another root/,
    ],
    [
      'is for another host',
      () => misnamed,
      () => `sslmode=verify-full&${rootOf(root)}`,
      /IP: 127\.0\.0\.1 is not in the cert's list/,
    ],
    ['has expired', () => expired, () => `sslmode=verify-full&${rootOf(root)}`, /certificate has expired/],
  ]

  it.skipIf(!isPossible).each(bad)(
    'is refused, and nothing sent in plain text, where the certificate %s',
    async (what, certificate, query, reason) => {
      await postgres.useCertificate(await certificate()?.read())
      const change = { DATABASE_URL: urlWith(query()), ...(what.includes('dyno') && { DYNO: 'web.1' }) }
      const heard: Buffer[] = []
      const stop = proxy.listen((chunk) => heard.push(chunk))
      const server = await cluster.world.start(change)
      try {
        const line = await server.process.logged(away)
        expect(line['reason']).toMatch(reason)
        const answer = await server.register(cluster.hosts[1], '203.0.113.2')
        expect(answer.body).toMatch(/^(good|nochg) 203\.0\.113\.2$/)
        const finding = await doctor(change)
        expect(finding).toMatch(/^failed postgresql PostgreSQL cannot be asked/)
        expect(finding).toMatch(reason)
        expect(await connectionsOf()).toEqual([])
        const sent = Buffer.concat(heard).toString('latin1')
        expect(sent.length).toBeGreaterThan(0)
        expect(sent).not.toMatch(/dyndns|P4SSWORD/)
        expect(server.process.printed() + finding).not.toContain('P4SSWORD')
      } finally {
        stop()
        server.process.child.kill('SIGKILL')
        await server.process.exited
      }
    },
  )

  it.skipIf(!isPossible)('is by a certificate of the service too, where the server wants one', async () => {
    await postgres.useCertificate(await fitting.read(), root.certificateFile)
    const files = `sslcert=${file(ofClient.certificateFile)}&sslkey=${file(ofClient.keyFile)}`
    const server = await cluster.world.start(mode(`sslmode=verify-full&${rootOf(root)}&${files}`))
    try {
      await server.process.logged('this process writes to Route 53 for all')
      const connections = await connectionsOf()
      expect(connections.length).toBeGreaterThan(1)
      for (const connection of connections) expect(connection).toEqual({ ssl: true, client_dn: '/CN=dyndns' })
    } finally {
      server.process.child.kill('SIGKILL')
      await server.process.exited
    }
  })

  it.skipIf(!isPossible).each([
    [
      'a root that is not there',
      () => 'sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      /^sslrootcert of .*: ENOENT.*'\/nowhere\/ca\.pem'$/,
    ],
    [
      'a root that is none',
      () => `sslmode=verify-full&sslrootcert=${file(root.keyFile)}`,
      /^sslrootcert of DATABASE_URL names a file without a certificate or key: /,
    ],
    [
      "another one's key",
      () => `sslmode=require&sslcert=${file(ofClient.certificateFile)}&sslkey=${file(root.keyFile)}`,
      /^sslcert and sslkey of DATABASE_URL do not go together: .*key values mismatch/,
    ],
  ])(
    'ends the service and its commands with the reason, where DATABASE_URL names %s',
    async (_, query, reason) => {
      const change = mode(query())
      const server = cluster.world.spawn(change)
      expect(await server.exited).toBe(1)
      const printed = server.printed()
      const fatal = JSON.parse(
        printed.split('\n').find((line) => line.includes('the service cannot run')) ?? '{}',
      )
      expect(fatal.reason).toMatch(reason)
      expect(printed).not.toContain('P4SSWORD')
      const inside = new RegExp(reason.source.replace(/^\^|\$$/g, ''))
      expect(await doctor(change)).toMatch(inside)
      expect(await cluster.world.run(['history', 'host0.example.com'], change)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(inside),
      })
    },
  )
})
