import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { runShell } from './support/cli-process.js'
import { hasTerminals, runAtTerminal } from './support/cli-terminal.js'
import { closeProcessWorlds, type ProcessWorld, startProcessWorld } from './support/processes.js'

afterAll(closeProcessWorlds)

const page = readFileSync(new URL('../docs/owner.md', import.meta.url), 'utf8')

/** The code blocks of a section of docs/owner.md, without the blanks that put them into a list. */
function blocksOf(heading: string): string[] {
  const [section = ''] = page.split(/^## /m).filter((part) => part.startsWith(`${heading}\n`))
  return [...section.matchAll(/^( *)```\n([^`]*?)^\1```$/gm)].map(([, blanks = '', code = '']) =>
    code.replaceAll(new RegExp(`^${blanks}`, 'gm'), ''),
  )
}

/** Does what the page says in a shell in which `npx dyndns53` is the built command, and `aws` only says what it was told. */
function follow({ env, directory }: ProcessWorld, block: string | undefined) {
  expect(block).toBeDefined()
  return runShell(`npx() { shift; dyndns53 "$@"; }; aws() { echo "aws $*"; }\n${block}`, env, directory)
}

const anna = 'anna.dyndns.mydomain.com'
const csv = 'home.dyndns.mydomain.com,T0KEN-of-home\n'

/** The page's domain; for whom it is not a matter of its own, in a database with one host. */
const createWorld = () => startProcessWorld({ csv, zones: ['mydomain.com'] })

it('a friend comes, registers with what is on the sheet, and status says so', async () => {
  const world = await createWorld()
  const [add, policy, status] = blocksOf('A friend comes')
  const sheet = await follow(world, add?.replace('APP', 'app.example.net'))
  expect(sheet).toMatchObject({ status: 0, stderr: expect.stringContaining('added 1 host') })
  const [, token = ''] = /^Password +(\S+)$/m.exec(sheet.stdout.toString()) ?? []
  const server = await world.start({ DYNDNS_TRUST_PROXY: '1' })
  const answer = await server.register({ user: anna, token }, '203.0.113.7')
  expect(answer).toMatchObject({ status: 200, body: 'good 203.0.113.7' })
  expect(await follow(world, policy)).toMatchObject({
    status: 0,
    stdout: Buffer.from(
      'aws iam put-user-policy --user-name dyndns53 --policy-name dyndns53 --policy-document file://policy.json\n',
    ),
  })
  expect(readFileSync(world.file('policy.json'), 'utf8')).toContain(`"${anna}"`)
  const shown = await follow(world, status?.replace('\n', ` --dns ${world.dnsServer}\n`))
  expect(shown.stdout.toString()).toBe(`${anna}  A 203.0.113.7, TTL 60 s, and the DNS answers the same\n`)
})

// Skipped where util-linux's script is missing.
it.skipIf(!hasTerminals)('a friend goes, and so does the record', async () => {
  const world = await createWorld()
  const [remove = ''] = blocksOf('A friend goes')
  await world.dyndns53('add-host', anna)
  world.route53.model.zones()[0]?.put({ name: anna, type: 'A', ttl: 60, values: ['203.0.113.7'] })
  const args = remove.trim().replace('npx dyndns53 ', '').split(' ')
  expect(await runAtTerminal(world, args, 'y\n', 'y\n')).toMatchObject({ status: 0 })
  expect({ stored: world.stored(), held: world.held(anna) }).toEqual({ stored: csv, held: [] })
})

it('the whole file leaked: every token is another', async () => {
  const world = await createWorld()
  await world.dyndns53('add-host', anna)
  const before = world.stored()?.split(/[,\n]/) ?? []
  const [rotateAll] = blocksOf('A token leaked')
  const { status, stdout } = await follow(world, rotateAll)
  expect({ status, stored: world.stored() }).toEqual({ status: 0, stored: stdout.toString() })
  const after = world.stored()?.split(/[,\n]/) ?? []
  expect([after[0], after[2]]).toEqual([before[0], before[2]])
  expect([after[1] === before[1], after[3] === before[3]]).toEqual([false, false])
})

it('restore yesterday: the history names the version, and it is back as a new one', async () => {
  const world = await startProcessWorld({ csv, zones: ['mydomain.com'], s3: { versioning: true } })
  const [commands = ''] = blocksOf('Restore yesterday')
  const [look, restore = ''] = commands.split('\n')
  await world.dyndns53('add-host', anna)
  const yesterday = world.stored()
  await world.dyndns53('remove-host', anna, '--yes')
  const { stdout } = await follow(world, look)
  const [, older = ''] = stdout.toString().match(/^[\w-]+(?= {2})/gm) ?? []
  const restored = await follow(world, `${restore.replace('VERSION', older)} --yes`)
  expect(restored).toMatchObject({ status: 0, stderr: expect.stringContaining(`+ ${anna}`) })
  expect(world.stored()).toBe(yesterday)
})

it('hashed tokens: nobody can read them, and hosts go on with those that they have', async () => {
  const world = await createWorld()
  expect(await world.dyndns53('hash-tokens', '--yes')).toMatchObject({ status: 0 })
  expect(world.stored()).toMatch(/^home\.dyndns\.mydomain\.com,sha256:[0-9a-f]{64}\n$/)
  const server = await world.start({ DYNDNS_TRUST_PROXY: '1' })
  const login = { user: 'home.dyndns.mydomain.com', token: 'T0KEN-of-home' }
  expect((await server.register(login, '203.0.113.7')).body).toBe('good 203.0.113.7')
})

it('two zones: a host lies in the longer one, and doctor says that nobody finds it', async () => {
  const world = await startProcessWorld({ csv, zones: ['mydomain.com', 'dyndns.mydomain.com'] })
  const server = await world.start({ DYNDNS_TRUST_PROXY: '1' })
  const user = 'home.dyndns.mydomain.com'
  expect((await server.register({ user, token: 'T0KEN-of-home' }, '203.0.113.7')).body).toMatch(/^good/)
  const [zone, longer] = world.route53.model.zones().sort((a, b) => a.name.length - b.name.length)
  expect([zone?.get(user, 'A'), longer?.get(user, 'A')]).toMatchObject([[], [{ values: ['203.0.113.7'] }]])
  // The DNS as it is while no NS record in the shorter zone leads to the longer one.
  const withBoth = world.dnsZones
  world.dnsZones = () => [...withBoth()].filter(({ name }) => name !== longer?.name)
  const { status, stdout } = await world.dyndns53('doctor', '--dns', world.dnsServer)
  expect(status).toBe(1)
  expect(stdout.toString()).toMatch(/^failed +delegation .*dyndns\.mydomain\.com/m)
})

it('another domain: old and new are served side by side', async () => {
  const world = await startProcessWorld({
    csv: `${anna},T0KEN-of-anna-old\n`,
    zones: ['mydomain.com', 'newdomain.net'],
  })
  const [policy] = blocksOf('Move to another domain')
  const args = ['add-host', 'anna.dyndns.newdomain.net', '--token', 'T0KEN-of-anna-new']
  expect(await world.dyndns53(...args)).toMatchObject({ status: 0 })
  expect(await follow(world, policy)).toMatchObject({ status: 0 })
  const allowed = readFileSync(world.file('policy.json'), 'utf8')
  for (const { id } of world.route53.model.zones()) expect(allowed).toContain(`hostedzone/${id}`)
  const server = await world.start({ DYNDNS_TRUST_PROXY: '1' })
  for (const [user, token] of [
    [anna, 'T0KEN-of-anna-old'],
    ['anna.dyndns.newdomain.net', 'T0KEN-of-anna-new'],
  ] as const) {
    expect(await server.register({ user, token }, '203.0.113.7')).toMatchObject({ status: 200 })
    expect(world.held(user)).toEqual(['203.0.113.7'])
  }
})
