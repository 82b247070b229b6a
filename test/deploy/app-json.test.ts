import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readServerConfig } from '../../src/config/config.js'
import type { Environment } from '../../src/config/variable.js'
import { startNewRelic } from '../../src/new-relic.js'

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

interface Variable {
  readonly description: string
  readonly value?: string
  readonly required?: false
}
const manifest: Record<string, unknown> & { env: Record<string, Variable> } = JSON.parse(read('app.json'))
const variables = Object.entries(manifest.env)
const required = variables.filter(([, { required }]) => required !== false).map(([name]) => name)
const proposed = Object.fromEntries(variables.flatMap(([name, { value }]) => (value ? [[name, value]] : [])))

/** What an owner types into the form of Heroku's button, where nothing is proposed. */
const typed: Record<string, string> = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE00',
  AWS_SECRET_ACCESS_KEY: 'secret',
  DYNDNS_BUCKET: 'dyndns.mydomain.com',
  DYNDNS_ZONE_IDS: 'Z0123456789ABCDEFGHIJ',
}

/** The names of the variables that a reader of the environment looks at. */
function namesReadBy(reader: (env: Environment) => unknown): Set<string> {
  const names = new Set<string>()
  const env = new Proxy<Record<string, string>>(
    {},
    {
      get(_, name) {
        names.add(String(name))
        return typed[String(name)]
      },
    },
  )
  try {
    void reader(env)
  } catch {
    // What is missing is told after all has been read.
  }
  return names
}

describe('app.json', () => {
  it('names what the service reads, and nothing else', () => {
    const known = namesReadBy(readServerConfig)
    for (const name of namesReadBy(startNewRelic)) known.add(name)
    // The agent reads its own part; the service only fills it in where there is a key.
    known.add('NEW_RELIC_APP_NAME')
    expect(variables.map(([name]) => name).filter((name) => !known.has(name))).toEqual([])
  })

  it('proposes what the service takes, and its own defaults', () => {
    const bare = { ...typed, DYNDNS_DATABASE: 'database.csv' }
    expect(readServerConfig({ ...typed, ...proposed })).toEqual(readServerConfig(bare))
  })

  it('asks for all that the service cannot do without', () => {
    const { DYNDNS_BUCKET: _, ...withoutBucket } = typed
    expect(() => readServerConfig({ ...withoutBucket, ...proposed })).toThrow('DYNDNS_BUCKET is not set')
    expect(required).toEqual(expect.arrayContaining(['DYNDNS_BUCKET', 'DYNDNS_DATABASE']))
    // A dyno has no role, and the key of deploy/aws.yaml may not list the zones.
    expect(required).toEqual(
      expect.arrayContaining(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'DYNDNS_ZONE_IDS']),
    )
    const filledIn = { ...typed, ...proposed }
    expect(required.filter((name) => !(name in filledIn))).toEqual([])
  })

  it('describes each variable, and names each that is in docs/configuration.md', () => {
    const documented = read('docs/configuration.md')
    for (const [name, { description }] of variables) {
      expect([name, description]).toEqual([name, expect.stringMatching(/^[A-Z].+[.]$/)])
      expect(documented).toContain(`\`${name}\``)
    }
  })

  it('has the fields of Heroku’s schema, one web dyno, and forces no add-on', () => {
    expect(Object.keys(manifest).sort()).toEqual([
      ...['description', 'env', 'formation', 'keywords', 'name', 'repository', 'stack', 'success_url'],
    ])
    expect(manifest['formation']).toEqual({ web: { quantity: 1, size: 'basic' } })
    expect(read('Procfile')).toMatch(/^web: /)
  })

  it('is of the repository that package.json and the button name', () => {
    const { repository } = JSON.parse(read('package.json'))
    expect(repository.url).toBe(`git+${manifest['repository']}.git`)
    for (const page of ['README.md', 'docs/deploy-heroku.md']) {
      expect(read(page)).toContain(`https://www.heroku.com/deploy?template=${manifest['repository']})`)
    }
  })
})
