import { writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { closeProcessWorlds, type ProcessWorld } from '../support/processes.js'
import { spawnServer } from '../support/server-process.js'
import { type Login, request } from '../support/world.js'
import { allows, type IamRequest, type Policy, route53Request, s3Request } from './iam-evaluator.js'
import { createPolicyWorld, csv, hosts, policyOf } from './policy-world.js'

afterAll(closeProcessWorlds)

/** A world whose emulators let in what the policy says that `enforce` was given last; `denied` is what they did not. */
async function createGuardedWorld() {
  let policy: Policy | undefined
  const denied: IamRequest[] = []
  const isAllowed = (call: IamRequest) => {
    if (!policy || allows(policy, call)) return true
    denied.push(call)
    return false
  }
  const world = await createPolicyWorld({
    s3: { allow: (call) => isAllowed(s3Request(call)) },
    route53: { allow: (call) => isAllowed(route53Request(call)) },
  })
  const enforce = (next: Policy) => {
    policy = next
  }
  return { world, enforce, denied }
}

/** Runs the built service, lets these hosts register both addresses and go offline, and says what it was answered. */
async function serve(env: ProcessWorld['env'], names?: readonly string[]): Promise<string[]> {
  return (await serveAndListen(env, names)).answers
}

/** The same, with all that the service printed. */
async function serveAndListen(env: ProcessWorld['env'], names: readonly string[] = hosts) {
  const server = spawnServer({
    ...env,
    PORT: '0',
    DYNDNS_ALLOW_PRIVATE: 'true',
    DYNDNS_RECHECK_SECONDS: '0',
  })
  try {
    const { port } = await server.logged('listening')
    await server.logged('host database loaded')
    const url = `http://127.0.0.1:${port}/nic/update?hostname=${names.join(',')}`
    const login = { user: 'home.example.com', token: 'T0KEN-of-all-of-them' }
    const answers: string[] = []
    // At the same time as the addresses: they are in no batch together.
    const challenged = setChallenges(`http://127.0.0.1:${port}`, names, login)
    for (const query of ['myip=192.0.2.1,2001:db8::1', 'myip=2001:db8:1::/48', 'offline=YES']) {
      const { body } = await request(`${url}&${query}`, login)
      answers.push([...new Set(body.split('\n').map((line) => line.split(' ')[0]))].join())
    }
    answers.push(await challenged)
    return { answers, printed: server.printed() }
  } finally {
    server.child.kill('SIGKILL')
    await server.exited
  }
}

/** Sets the challenge of each host and cleans it up; the statuses of the answers, each once. */
async function setChallenges(url: string, names: readonly string[], login: Login): Promise<string> {
  const statuses = new Set<number>()
  for (const path of ['/present', '/cleanup']) {
    const asked = names.map((name) => {
      const fqdn = `_acme-challenge.${name.replace('*.', '')}.`
      const body = JSON.stringify({ fqdn, value: 'v'.repeat(43) })
      return request(url + path, login, undefined, { method: 'POST', body })
    })
    for (const { status } of await Promise.all(asked)) statuses.add(status)
  }
  return [...statuses].join()
}

describe.concurrent('under the printed policy', { timeout: 120_000 }, () => {
  it.each([false, true])('the service may do all that it does; zones named outright: %s', async (named) => {
    const { world, enforce, denied } = await createGuardedWorld()
    const ids = [world.com, world.sub, world.net, world.com].map(({ id }) => id).join(',')
    const change: Record<string, string> = named ? { DYNDNS_ZONE_IDS: ids } : {}
    const policy = await policyOf(world, [], change)
    enforce(policy)
    expect(await serve({ ...world.env, ...change })).toEqual(['good', 'good', 'good', '200'])
    expect(denied).toEqual([])
    const doctor = await world.run(['doctor', '--dns', world.dnsServer], change)
    // The service has no need to look at older versions of the database.
    const amiss = doctor.stdout.toString().match(/^(failed|skipped|warning).*$/gm)
    expect(amiss).toEqual([expect.stringMatching(/^skipped +leftovers .*need s3:ListBucketVersions/)])
    expect(doctor.status).toBe(0)
    expect(await policyOf(world, [], change)).toEqual(policy)
  })

  it('and so it may under that of --below, for the hosts below', async () => {
    const { world, enforce, denied } = await createGuardedWorld()
    enforce(await policyOf(world, ['--below', 'example.com']))
    const below = hosts.filter((name) => name.endsWith('.example.com'))
    expect(await serve(world.env, below)).toEqual(['good', 'good', 'good', '200'])
    expect(denied).toEqual([])
  })

  it('and all but set challenges under that of --no-certificates; the log says what to allow', async () => {
    const { world, enforce, denied } = await createGuardedWorld()
    enforce(await policyOf(world, ['--no-certificates']))
    const { answers, printed } = await serveAndListen(world.env)
    expect(answers).toEqual(['good', 'good', 'good', '503'])
    expect(denied.length).toBeGreaterThan(0)
    expect(printed).toMatch(
      /may not change _acme-challenge\.home\.example\.com: allow route53:ChangeResourceRecordSets with the actions CREATE and DELETE for TXT records of this name/,
    )
  })

  it('and not under one of before, which allows UPSERT alone', async () => {
    const { world, enforce, denied } = await createGuardedWorld()
    const policy = JSON.stringify(await policyOf(world))
    enforce(JSON.parse(policy.replaceAll('["CREATE","DELETE"]', '["UPSERT"]')))
    expect(await serve(world.env)).toEqual(['911', '911', '911', '503'])
    expect(denied.length).toBeGreaterThan(0)
  })

  it('the database may be replaced with --admin only', async () => {
    const { world, enforce } = await createGuardedWorld()
    const [reader, admin] = [await policyOf(world), await policyOf(world, ['--admin'])]
    await writeFile(world.file('hosts.csv'), `${csv}cabin.example.com,T0KEN-of-the-cabin\n`)
    const upload = () => world.run(['upload-database', '--yes', 'hosts.csv'])
    enforce(reader)
    expect(await upload()).toMatchObject({ status: 1 })
    enforce(admin)
    expect(await upload()).toMatchObject({ status: 0 })
  })

  it('older databases may be seen and brought back with --admin only', async () => {
    const { world, enforce, denied } = await createGuardedWorld()
    const [reader, admin] = [await policyOf(world), await policyOf(world, ['--admin'])]
    const history = () => world.run(['database-history', '--json'])
    enforce(reader)
    expect(await history()).toMatchObject({ status: 1 })
    expect(denied.splice(0).map(({ action }) => action)).toEqual(['s3:ListBucketVersions'])
    enforce(admin)
    const [{ version }] = JSON.parse((await history()).stdout.toString())
    expect(await world.run(['restore-database', version, '--yes'])).toMatchObject({ status: 0 })
    expect(denied).toEqual([])
  })
})
