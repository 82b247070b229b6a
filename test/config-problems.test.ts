import express from 'express'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDatabaseConfig, readServerConfig } from '../src/config/config.js'
import { ConfigError, type Environment } from '../src/config/variable.js'
import { propertyRuns } from './support/property-runs.js'

/** The least that a configuration needs. */
const least: Environment = { DYNDNS_BUCKET: 'dyndns.example.com', DYNDNS_DATABASE: 'database.csv' }

/** The problems of the least configuration with these variables changed. */
function problemsOf(more: Environment, read: (env: Environment) => unknown = readServerConfig) {
  try {
    read({ ...least, ...more })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('a problem', () => {
  const number = (least: number, most: number) => `a whole number from ${least} to ${most}`
  const seconds = 'a whole number of seconds from 0 to 2147483647'
  const proxies = 'the number of trusted proxies in front, or their networks'

  it.each<[string, string, string[]]>([
    ['PORT', number(0, 65_535), ['65536', '-1', '80.5', '0x50', '8e1', ' 80', 'http', '９', '00000000080']],
    ['DYNDNS_TTL', seconds, ['2147483648', '-1', '60s', '1m', '1,000', 'NaN', 'Infinity']],
    ['DYNDNS_RECHECK_SECONDS', number(0, 3600), ['3601', '-0', 'never']],
    ['DYNDNS_REQUESTS_PER_SECOND', number(1, 1000), ['0', '1001', '0.5']],
    ['DYNDNS_CHANGES_PER_SECOND', number(2, 10_000), ['1', '10001']],
    ['DYNDNS_PAGES', 'true or false', ['1', 'off', 'True']],
    ['DYNDNS_TITLE', 'the name of the site', [' ', 'a\nb', 'a\u0007', 'x'.repeat(61)]],
    ['DYNDNS_URL', 'http:// or https:// and a full host name', ['localhost', 'ftp://example.net', '/dyn']],
    ['DYNDNS_DNS_SERVER', 'the IP address of a DNS server', ['dns.example.net', '192.0.2.53:x', '1.2.3']],
    [
      'DYNDNS_ZONE_IDS',
      'hosted zone ids with commas',
      ['example.com', 'z1', 'Z1,', 'Z1 Z2', ',', '/hostedzone/', 'Z'.repeat(33)],
    ],
    [
      'DYNDNS_TRUST_PROXY',
      proxies,
      [
        'true',
        '-1',
        '101',
        '1.5',
        'loopback',
        '10.0.0.0/33',
        '10.0.0.0/8,',
        '10.0.0.0/8 ::1',
        '::/129',
        '10.0.0.0/-8',
        '10.0.0.0/255.0.0.0',
      ],
    ],
    [
      'AWS_REGION',
      'the name of an AWS region',
      ['eu west 1', 'EU-WEST-1', 'https://eu-west-1', 'eu-west-1\n'],
    ],
    [
      'DYNDNS_LISTEN',
      'an IP address of this machine such as 127.0.0.1, or the path of a Unix socket from / on',
      ['localhost', '127.0.0.1:8080', '[::1]', '*', 'run/x.sock', `/${'x'.repeat(103)}`, '10.0.0.0/8'],
    ],
    [
      'DYNDNS_BUCKET',
      'the name of an S3 bucket, without s3:// or a path',
      ['s3://bucket', 'bucket/key', 'ab', 'a b c', 'b'.repeat(256), 'bucket\n'],
    ],
    [
      'DYNDNS_DATABASE',
      'the key of the CSV in the bucket, at most 1024 bytes',
      ['k'.repeat(1025), 'ü'.repeat(513)],
    ],
    [
      'AWS_ENDPOINT_URL',
      'a URL with http:// or https://',
      ['localhost:9000', 'ftp://example.com', 'http://', '//host', 'http://a b'],
    ],
    ['AWS_ENDPOINT_URL_S3', 'a URL with http:// or https://', ['localhost', '127.0.0.1:9000']],
    ['AWS_ENDPOINT_URL_ROUTE_53', 'a URL with http:// or https://', ['localhost', 'https://[::1']],
  ])('of %s names it, its value and what is accepted: %s', (name, accepted, values) => {
    for (const value of values) {
      const problems = problemsOf({ [name]: value })
      expect(problems).toEqual([expect.stringContaining(`: it takes ${accepted}`)])
      const shown = JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
      expect(problems[0]).toMatch(new RegExp(`^${name} is `))
      expect(problems[0]).toContain(shown)
    }
  })

  // What Express or ipaddr.js read in a way of their own, or not at all: the service would not start, or trust others.
  it.each([
    '0.0.0.0/0',
    '::/0',
    '10.1/8',
    '1/8',
    '2130706433/8',
    '0x7f.1/8',
    '010.0.0.0/8',
    'fe80::1%eth0/64',
  ])('is a network of proxies that only looks like one: %s', (value) => {
    expect(problemsOf({ DYNDNS_TRUST_PROXY: value })).toEqual([
      expect.stringMatching(/^DYNDNS_TRUST_PROXY is/),
    ])
  })

  it('does not remain for Express to find: it takes whatever is accepted', () => {
    const network = fc
      .tuple(fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6()), fc.option(fc.nat(130)))
      .map(([address, bits]) => (bits === null ? address : `${address}/${bits}`))
    fc.assert(
      fc.property(fc.array(network, { minLength: 1, maxLength: 3 }), (networks) => {
        const env = { ...least, DYNDNS_TRUST_PROXY: networks.join(',') }
        if (problemsOf(env).length > 0) return
        expect(() => express().set('trust proxy', readServerConfig(env).trustProxy)).not.toThrow()
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it.each([
    'mysql://u:S3CR3T@db/name',
    'postgres://u:S3CR3T@db',
    'postgres:///name',
    'S3CR3T',
    'postgres://u:S3CR3T@db/name?sslmode=prefer',
    'postgres://u:S3CR3T@db/name?sslmode=constructor',
    'postgres://u:S3CR3T@db/name?sslmode=allow&sslrootcert=/ca.pem',
    'postgres://u:S3CR3T@db/name?sslmode=',
    'postgres://u:S3CR3T@db/name?sslmode=verify-ca',
    'postgres://u:S3CR3T@db/name?sslmode=verify-ca&sslrootcert=system',
    'postgres://u:S3CR3T@db/name?sslmode=require&sslcert=/own.pem',
    'postgres://u:S3CR3T@db/name?ssl=true',
    'postgres://u:S3CR3T@db/name?sslmode=verify-full&ssl=0',
  ])('of DATABASE_URL says what is accepted, and nothing of what is there: %s', (value) => {
    const accepted =
      'postgres://USER:PASSWORD@HOST:PORT/NAME, and after it ?sslmode=disable, require, verify-ca (with &sslrootcert=FILE) or verify-full if wanted; neither ssl= nor a mode that may fall back to plain text'
    expect(problemsOf({ DATABASE_URL: value })).toEqual([`DATABASE_URL is malformed: it takes ${accepted}`])
  })

  it.each([
    'S3CR3T',
    `S3CR3T${'x'.repeat(200)}`,
    'S3CR3T with blanks in it',
    'S3CR3T=in=the=middle',
    'S3CR3T-with-ü-0123',
  ])('of DYNDNS_METRICS_TOKEN says what is accepted, and nothing of what is there: %s', (value) => {
    expect(problemsOf({ DYNDNS_METRICS_TOKEN: value })).toEqual([
      expect.stringMatching(
        /^DYNDNS_METRICS_TOKEN is malformed: it takes 16 to 200 characters of (?!.*S3CR3T)/,
      ),
    ])
  })

  it('is a variable that must be set and is empty, or not there', () => {
    for (const nothing of ['', undefined]) {
      expect(problemsOf({ DYNDNS_BUCKET: nothing, DYNDNS_DATABASE: nothing })).toEqual([
        expect.stringMatching(/^DYNDNS_BUCKET is not set: it takes .*bucket/),
        expect.stringMatching(/^DYNDNS_DATABASE is not set: it takes .*key/),
      ])
    }
  })

  it('comes with all others, in one error', () => {
    const env = { PORT: 'x', DYNDNS_TTL: 'y', DYNDNS_TRUST_PROXY: 'z', AWS_ENDPOINT_URL: 'w' }
    const problems = problemsOf({ ...env, DYNDNS_BUCKET: undefined, DYNDNS_DATABASE: '' })
    const names = [...Object.keys(env), 'DYNDNS_BUCKET', 'DYNDNS_DATABASE']
    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual(names.sort())
    expect(new ConfigError(problems).message).toBe(`the configuration has problems: ${problems.join('; ')}`)
    expect(new ConfigError(['one']).message).toBe('the configuration has a problem: one')
  })

  it.each([
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID'],
  ])('is %s without %s, of which neither is shown', (given, missing) => {
    const problems = problemsOf({ [given]: 'S3CR3T', PORT: 'x' }, readServerConfig)
    expect(problems).toContainEqual(expect.stringContaining(`${missing} is not set`))
    expect(problems.join()).not.toContain('S3CR3T')
    expect(problemsOf({ [given]: 'S3CR3T' }, readDatabaseConfig)).toHaveLength(1)
    expect(problemsOf({ [given]: 'S3CR3T', [missing]: 'S3CR3T' })).toEqual([])
  })

  it('never shows the key, its secret, the session token or the licence key, whatever else is wrong', () => {
    const secrets = [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'NEW_RELIC_LICENSE_KEY',
    ]
    const env = Object.fromEntries(secrets.map((name) => [name, `S3CR3T ${name}\n`]))
    const problems = problemsOf({ ...env, PORT: 'x', AWS_REGION: 'X', DYNDNS_BUCKET: '' })
    expect(problems).toHaveLength(5)
    expect(problems.join()).not.toContain('S3CR3T')
  })

  it('does not show the password in an endpoint', () => {
    const problems = problemsOf({ AWS_ENDPOINT_URL_S3: 'minio://user:S3CR3T@127.0.0.1:9000' })
    expect(problems).toHaveLength(1)
    expect(problems.join()).not.toContain('S3CR3T')
  })
})
