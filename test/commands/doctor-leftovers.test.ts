import { afterAll, describe, expect, it } from 'vitest'
import { bucket, closeProcessWorlds, key, type ProcessWorldOptions } from '../support/processes.js'
import { createDoctorWorld, type DoctorWorld, examine, expectFindings } from './doctor-world.js'

afterAll(closeProcessWorlds)

const csvOf = (...labels: string[]) =>
  labels.map((label) => `${label}.example.com,T0KEN-that-is-long-enough\n`).join('')

/** A world of which S3 keeps these versions, the current one last, after the plain one. */
async function createWorld(
  versions: readonly string[],
  s3: ProcessWorldOptions['s3'] = {},
): Promise<DoctorWorld> {
  const world = await createDoctorWorld({ s3: { versioning: true, ...s3 } })
  for (const csv of versions) {
    // So that no two are of the same millisecond.
    await new Promise((resolve) => setTimeout(resolve, 5))
    world.putCsv(csv)
  }
  return world
}

const okLine = (lines: readonly string[]) => lines.find((line) => /^ok +leftovers /.test(line))

describe.concurrent('doctor, records that no host owns', () => {
  it('names those of hosts that older versions of the database had, and no others', async () => {
    const world = await createWorld([
      csvOf('home', 'gone', 'twin', 'silent', 'back'),
      csvOf('home', '*.dyn', 'back'),
    ])
    world.putRecord({ name: 'gone.example.com', type: 'A', values: ['192.0.2.2'] })
    world.putRecord({ name: 'gone.example.com', type: 'AAAA', values: ['2001:db8::2'] })
    world.putRecord({ name: 'twin.example.com', type: 'A', values: ['192.0.2.3', '192.0.2.4'] })
    world.putRecord({ name: 'back.example.com', type: 'A', values: ['192.0.2.5'] })
    world.putRecord({ name: 'www.example.com', type: 'A', values: ['192.0.2.6'] })
    const lines = await examine(world)
    const advice =
      / is in Route 53, and no host of the database: its last version with that host is of \d{4}-.*Z: if nobody uses it, delete it in the Route 53 console$/
    expectFindings(lines, [
      ['warning', 'leftovers', new RegExp(`gone\\.example\\.com A 192\\.0\\.2\\.2${advice.source}`)],
      ['warning', 'leftovers', new RegExp(`gone\\.example\\.com AAAA 2001:db8::2${advice.source}`)],
    ])
    expect(okLine(lines)).toMatch(/ 2 older versions .* with 3 hosts that the current one has not$/)
  })

  it('are none where hosts have left none, not even after a deletion of the database', async () => {
    const world = await createWorld([csvOf('gone')])
    world.s3.remove(bucket, key)
    world.putCsv(csvOf('home', '*.dyn'))
    const lines = await examine(world)
    expectFindings(lines, [])
    expect(okLine(lines)).toMatch(
      / 3 older versions .* 1 host that .*, and of these Route 53 holds no address record$/,
    )
  })

  it('are not known where S3 keeps no older version', async () => {
    const world = await createDoctorWorld()
    world.putRecord({ name: 'gone.example.com', type: 'A', values: ['192.0.2.2'] })
    world.putCsv(csvOf('gone'))
    world.putCsv(csvOf('home'))
    const lines = await examine(world)
    expectFindings(lines, [])
    expect(okLine(lines)).toMatch(
      /S3 keeps no older version of the database: which hosts are gone is not known$/,
    )
  })

  it.each<[string, ProcessWorldOptions['s3']]>([
    ['list', { allow: ({ subresource }) => subresource === undefined }],
    ['read', { allow: ({ versionId }) => versionId === undefined }],
  ])('are not looked for where the key may not %s older versions, which is no failure', async (_, s3) => {
    const world = await createWorld([csvOf('gone'), csvOf('home')], s3)
    world.putRecord({ name: 'gone.example.com', type: 'A', values: ['192.0.2.2'] })
    expectFindings(await examine(world), [
      [
        'skipped',
        'leftovers',
        /not looked for: access denied: older versions need s3:ListBucketVersions .*iam-policy --admin/,
      ],
    ])
  })

  it('are looked for in so many versions, and it is said that there are more', async () => {
    const world = await createWorld([
      csvOf('early'),
      ...Array.from({ length: 20 }, () => csvOf('late')),
      csvOf('home'),
    ])
    for (const label of ['early', 'late'])
      world.putRecord({ name: `${label}.example.com`, type: 'A', values: ['192.0.2.2'] })
    const lines = await examine(world)
    expectFindings(lines, [['warning', 'leftovers', /late\.example\.com A 192\.0\.2\.2 is in Route 53/]])
    expect(okLine(lines)).toMatch(
      / 20 older versions .* 1 host that .* has not; still older versions were not looked at$/,
    )
  })
})
