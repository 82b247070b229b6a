import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeUnknownVariables } from '../src/config/config.js'

const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')

/** The variable that is named instead; `none`: another page is; undefined: nothing is said. */
function meant(name: string): string | undefined {
  const [sentence] = describeUnknownVariables({ [name]: 'S3CR3T' })
  expect(sentence ?? '').not.toContain('S3CR3T')
  if (sentence === undefined) return undefined
  expect(sentence).toMatch(new RegExp(`^${name} is set, and nothing reads it: `))
  return /: write (\w+), if that is meant$/.exec(sentence)?.[1] ?? 'none'
}

describe('a variable that nothing reads', () => {
  it.each([
    ['DYNDNS_ZONE_ID', 'DYNDNS_ZONE_IDS'],
    ['DYNDNS_TRUSTPROXY', 'DYNDNS_TRUST_PROXY'],
    ['DYNDNS_BUKET', 'DYNDNS_BUCKET'],
    ['DYNDNS_LOGIN_FAILURE', 'DYNDNS_LOGIN_FAILURES'],
    ['dyndns_ttl', 'DYNDNS_TTL'],
    ['DYNDNS_REFRESH', 'none'],
    ['DYNDNS_PORT', 'PORT'],
    ['DYNDNS_AWS_REGION', 'AWS_REGION'],
    ['DYNDNS_URI', 'DYNDNS_URL'],
    ['DYNDNS_COLOUR', 'none'],
    ['DYNDNS_', 'none'],
  ])('%s: %s', (name, right) => {
    expect(meant(name)).toBe(right)
  })

  it.each(['DYNDNS53_TTL', 'PROT', 'MY_DYNDNS_TTL', 'PATH'])('but %s is not ours', (name) => {
    expect(meant(name)).toBeUndefined()
  })

  it('is none of those in .env.example, and none that is empty', () => {
    const names = [...example.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name)
    expect(names).toContain('DYNDNS_URL')
    expect(describeUnknownVariables(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([])
    expect(describeUnknownVariables({ DYNDNS_COLOUR: '' })).toEqual([])
  })
})
