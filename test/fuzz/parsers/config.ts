import assert from 'node:assert/strict'
import express from 'express'
import fc from 'fast-check'
import { readServerConfig } from '../../../src/config/config.js'
import { ConfigError } from '../../../src/config/variable.js'
import { pureProperty } from '../property.js'
import { anyAddress } from './addresses.js'

/** Stands in every value that is secret, and nowhere else. */
const mark = 'S3CR3T'

const number = fc.oneof(
  fc.integer({ min: -10, max: 5_000_000_000 }).map(String),
  fc.constantFrom('0', '1', '60', '00', '1e3', '0x10', ' 1', '1 ', '+1', '1.5', 'NaN', '١', '99999999999'),
)
const networks = fc
  .array(
    fc.tuple(anyAddress, fc.constantFrom('', '', '/0', '/1', '/8', '/32', '/33', '/128', '/129', '/x', '/')),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((list) => list.map((parts) => parts.join('')).join(', '))
const junk = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', 'true', '\0', '\n', '__proto__', 'x'.repeat(3000)),
)
const url = fc.constantFrom(
  ...['http://127.0.0.1:1', 'https://s3.example.com/base', 'ftp://x', 'x', 'http://', 'http://[::1'],
  ...[
    `https://user:${mark}@example.com`,
    `https://${mark}@x\n`,
    `http://user:${mark}@`,
    `http:/user:${mark}@x`,
    `${mark}@x`,
  ],
)
const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  PORT: number,
  DYNDNS_TTL: number,
  DYNDNS_LISTEN: fc.oneof(
    anyAddress,
    fc.constantFrom('/run/x.sock', '/', 'localhost', `/${'x'.repeat(200)}`),
  ),
  DYNDNS_ZONE_IDS: fc.constantFrom('Z1', 'Z1,Z2', '/hostedzone/Z1, Z2', ',', 'z1'),
  DYNDNS_TRUST_PROXY: fc.oneof(
    {
      weight: 1,
      arbitrary: fc.oneof(number, fc.constantFrom('loopback', 'uniquelocal,1', '10.0.0.0/255.0.0.0')),
    },
    { weight: 6, arbitrary: networks },
  ),
  DYNDNS_ALLOW_PRIVATE: fc.constantFrom('true', 'false', 'yes', 'TRUE'),
  DYNDNS_LOGIN_FAILURES: number,
  DYNDNS_LOCKOUT_SECONDS: number,
  DYNDNS_REFRESH_SECONDS: number,
  DYNDNS_RECHECK_SECONDS: number,
  DYNDNS_REQUESTS_PER_SECOND: number,
  DYNDNS_CHANGES_PER_SECOND: number,
  DYNO: fc.constantFrom('web.1', ''),
  AWS_REGION: fc.constantFrom('eu-west-1', 'EU', 'us east', ''),
  AWS_ENDPOINT_URL: url,
  AWS_ENDPOINT_URL_S3: url,
  AWS_ENDPOINT_URL_ROUTE_53: url,
  AWS_ACCESS_KEY_ID: fc.constantFrom(mark, `${mark} `, ''),
  AWS_SECRET_ACCESS_KEY: fc.constantFrom(mark, `${mark}\n`, ` ${mark}`, ''),
  DYNDNS_BUCKET: fc.constantFrom('dyndns.example.com', 's3://bucket', 'b', ''),
  DYNDNS_DATABASE: fc.constantFrom('database.csv', '', 'x'.repeat(1025)),
}
const value = (name: string) =>
  fc.oneof({ weight: 6, arbitrary: values[name] ?? junk }, { weight: 1, arbitrary: junk })
const record = (names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value(name)])))
const names = Object.keys(values)
const environment = fc.oneof(
  record(['DYNDNS_TRUST_PROXY']),
  fc.shuffledSubarray(names, { minLength: 1, maxLength: 2 }).chain(record),
  fc.shuffledSubarray(names).chain(record),
)
const usable = { DYNDNS_BUCKET: 'dyndns.example.com', DYNDNS_DATABASE: 'database.csv' }

/** Any environment gives settings that can be used, or one error that names the variables and tells no secret. */
export const config = pureProperty('config', fc.tuple(environment, fc.boolean()), ([env, isUsable]) => {
  const given = isUsable ? { ...env, ...usable } : env
  try {
    const read = readServerConfig(given)
    for (const value of [read.port, read.ttlSeconds, read.refreshSeconds, read.recheckSeconds]) {
      assert.ok(Number.isSafeInteger(value) && value >= 0)
    }
    const { failures, seconds } = read.lockoutLimit
    for (const value of [failures, seconds, read.requestQuota.perSecond, read.changeQuota.perSecond]) {
      assert.ok(Number.isSafeInteger(value) && value >= 1)
    }
    // Throws for what proxy-addr cannot use.
    express().set('trust proxy', read.trustProxy)
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    assert.ok(error.problems.length > 0)
    for (const problem of error.problems)
      assert.match(problem, /^(AWS|DYNDNS|PORT)[A-Z0-9_]* (is|takes) .*: it takes /s)
    assert.ok(!error.message.includes(mark), error.message)
  }
})
