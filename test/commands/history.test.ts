import { afterAll, describe, expect, it } from 'vitest'
import { hasTerminals, runAtTerminal } from '../support/cli-terminal.js'
import { bucket, closeProcessWorlds, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const place = 's3://dyndns.example.com/database.csv'
const first = 'home.example.com,T0KEN-1\n'
const second = 'home.example.com,T0KEN-2\ncabin.example.com,T0KEN-3\n'
const third = 'cabin.example.com,T0KEN-3\n'

/** A bucket that keeps three versions, and an object with a longer key beside. */
async function createWorld() {
  const world = await startProcessWorld({ s3: { versioning: true } })
  for (const text of [first, second, third]) {
    world.s3.put(bucket, key, text)
    // So that no two are of the same millisecond.
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  world.s3.put(bucket, `${key}.old`, 'other.example.com,T0KEN-9\n')
  const history = async (...args: string[]): Promise<{ version: string }[]> =>
    JSON.parse((await world.dyndns53('database-history', '--json', ...args)).stdout.toString())
  return { ...world, history, ids: (await history()).map(({ version }) => version) }
}

describe.concurrent('database-history', () => {
  it('names what each version changed, newest first, and never a token', async () => {
    const { dyndns53, ids } = await createWorld()
    const { status, stdout, stderr } = await dyndns53('database-history')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`
    expect(ids).toHaveLength(3)
    expect(stdout.toString()).toMatch(
      new RegExp(
        `^${ids[0]}  ${time}  1 host, current\n  - home\\.example\\.com\n` +
          `${ids[1]}  ${time}  2 hosts\n  \\+ cabin\\.example\\.com\n  ~ home\\.example\\.com \\(token changed\\)\n` +
          `${ids[2]}  ${time}  1 host\n$`,
      ),
    )
    expect(stdout.toString()).not.toContain('T0KEN')
  })

  it('writes JSON for scripts, as many as asked for, and a deletion too', async () => {
    const { s3, history, ids } = await createWorld()
    s3.remove(bucket, key)
    const hostsOf = { added: [], changed: [] }
    expect(await history('--number', '2')).toEqual([
      {
        version: expect.any(String),
        time: expect.any(String),
        current: true,
        deleted: true,
        ...hostsOf,
        removed: ['cabin.example.com'],
      },
      {
        version: ids[0],
        time: expect.any(String),
        current: false,
        hosts: 1,
        ...hostsOf,
        removed: ['home.example.com'],
      },
    ])
  })

  it('says how to keep versions where the bucket keeps none', async () => {
    const { dyndns53, s3 } = await startProcessWorld()
    s3.put(bucket, key, first)
    s3.put(bucket, key, second)
    const { status, stdout, stderr } = await dyndns53('database-history')
    expect({ status, stdout: stdout.toString() }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^null {2}\S+ {2}2 hosts, current\n$/),
    })
    expect(stderr).toMatch(
      /keeps no older versions: .*put-bucket-versioning --bucket dyndns\.example\.com .*Enabled/,
    )
  })

  it.each([
    ['0', 2, /takes a number from 1 to 100/],
    ['x', 2, /takes a number from 1 to 100/],
    ['5', 1, /^dyndns53: S3 has no version of s3:.*check DYNDNS_BUCKET/],
  ])('of an empty bucket, with --number %s, ends with %d', async (number, expected, message) => {
    const { dyndns53 } = await startProcessWorld({ s3: { versioning: true } })
    const { status, stderr } = await dyndns53('database-history', '--number', number)
    expect({ status, stderr }).toEqual({ status: expected, stderr: expect.stringMatching(message) })
  })

  it.each(['database-history', 'restore-database x'])(
    '%s names the permissions that it lacks',
    async (command) => {
      const { dyndns53 } = await startProcessWorld({
        csv: first,
        s3: { allow: ({ subresource, versionId }) => subresource === undefined && versionId === undefined },
      })
      const { status, stderr } = await dyndns53(...command.split(' '))
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringMatching(
          /^dyndns53: [^\n]*s3:ListBucketVersions .*s3:GetObjectVersion .*iam-policy --admin/,
        ),
      })
    },
  )
})

describe.concurrent('restore-database', () => {
  it('shows the difference, and writes that version over the one that is there', async () => {
    const { dyndns53, s3, stored, ids, history } = await createWorld()
    const { status, stderr } = await dyndns53('restore-database', ids[1] ?? '', '--yes')
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `+ home.example.com\nrestored version ${ids[1]} in ${place}: 2 hosts\n`,
    })
    expect(stored()).toBe(second)
    expect(s3.calls.findLast(({ method }) => method === 'PUT')).toMatchObject({ ifMatch: expect.any(String) })
    expect((await history()).map(({ version }) => version)).toEqual([expect.any(String), ...ids])
  })

  it('brings back what was deleted', async () => {
    const { dyndns53, s3, stored, ids } = await createWorld()
    s3.remove(bucket, key)
    expect(await dyndns53('restore-database', ids[2] ?? '', '--yes')).toMatchObject({ status: 0 })
    expect(stored()).toBe(first)
  })

  it.skipIf(!hasTerminals)('asks at a terminal', async () => {
    const world = await createWorld()
    const args = ['restore-database', world.ids[2] ?? '']
    expect(await runAtTerminal(world, args, 'n\n')).toMatchObject({ status: 1 })
    expect(world.stored()).toBe(third)
    expect(await runAtTerminal(world, args, 'y\n')).toMatchObject({ status: 0 })
    expect(world.stored()).toBe(first)
  })

  it.each<[string, string[], number, RegExp]>([
    ['without a yes', [], 1, /nothing was written: .* would be as it was in version .*--yes/],
    ['in a dry run', ['--dry-run'], 0, /nothing was restored: this is a dry run/],
  ])('writes nothing %s', async (_, args, expected, message) => {
    const { dyndns53, stored, ids } = await createWorld()
    const { status, stderr } = await dyndns53('restore-database', ids[2] ?? '', ...args)
    expect({ status, stderr, stored: stored() }).toEqual({
      status: expected,
      stderr: expect.stringMatching(message),
      stored: third,
    })
  })

  it('refuses a version that is not there, or that holds no host', async () => {
    const { dyndns53, s3, history } = await createWorld()
    s3.put(bucket, key, '# nothing\n')
    s3.put(bucket, key, third)
    const [, empty] = await history()
    const unknown = await dyndns53('restore-database', 'nonsense', '--yes')
    expect(unknown).toMatchObject({
      status: 1,
      stderr: `dyndns53: the host database ${place} has no version nonsense: dyndns53 database-history shows those that it has\n`,
    })
    const { status, stderr } = await dyndns53('restore-database', empty?.version ?? '', '--yes')
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/has no line hostname,token/),
    })
  })

  it('leaves what somebody else wrote meanwhile', async () => {
    const other = `${third}other.example.com,T0KEN-5\n`
    let isArmed = false
    const world = await startProcessWorld({
      s3: {
        versioning: true,
        allow({ method }) {
          if (method === 'PUT' && isArmed) world.s3.put(bucket, key, other)
          return true
        },
      },
    })
    world.s3.put(bucket, key, first)
    world.s3.put(bucket, key, third)
    const versions = JSON.parse((await world.dyndns53('database-history', '--json')).stdout.toString())
    isArmed = true
    const { status, stderr } = await world.dyndns53('restore-database', versions[1].version, '--yes')
    expect({ status, stored: world.stored() }).toEqual({ status: 1, stored: other })
    expect(stderr).toMatch(/was changed by somebody else meanwhile, and nothing was restored/)
  })
})
