import { describe, expect, it } from 'vitest'
import { readDatabaseConfig, readServerConfig } from '../src/config/config.js'
import type { Environment } from '../src/config/variable.js'

/** The least that a configuration needs. */
const least: Environment = { DYNDNS_BUCKET: 'dyndns.example.com', DYNDNS_DATABASE: 'database.csv' }

describe('the configuration', () => {
  it('of the server has a default for all but the bucket and the key', () => {
    expect(readServerConfig(least)).toEqual({
      database: {
        aws: { region: 'us-east-1', s3PathStyle: false },
        bucket: 'dyndns.example.com',
        key: 'database.csv',
      },
      port: 8080,
      listen: undefined,
      ttlSeconds: 60,
      zoneIds: [],
      trustProxy: 0,
      allowPrivate: false,
      certificates: true,
      lockoutLimit: { failures: 20, seconds: 600 },
      pages: { title: 'dyndns53', baseUrl: undefined, dnsServer: undefined },
      postgres: undefined,
      historyDays: 90,
      metricsToken: undefined,
      newRelicAddresses: false,
      notices: { targets: [], silentHours: undefined },
      isOnHeroku: false,
      refreshSeconds: 60,
      giveUpSeconds: 900,
      recheckSeconds: 30,
      recheckMaxSeconds: 900,
      requestQuota: { burst: 40, perSecond: 8 },
      changeQuota: { burst: 1200, perSecond: 80 },
    })
  })

  it('of the command line is the part about the database, whatever is wrong with the rest', () => {
    const { database } = readServerConfig(least)
    expect(readDatabaseConfig({ ...least, PORT: 'x', DYNDNS_TTL: '-1' })).toEqual(database)
  })

  it.each<[string, string, object]>([
    ['PORT', '0', { port: 0 }],
    ['PORT', '65535', { port: 65_535 }],
    ['DYNDNS_LISTEN', '127.0.0.1', { listen: { address: '127.0.0.1' }, trustProxy: 0 }],
    ['DYNDNS_LISTEN', '0:0::1', { listen: { address: '::1' } }],
    ['DYNDNS_LISTEN', '/run/dyndns53.sock', { listen: { socket: '/run/dyndns53.sock' }, trustProxy: 1 }],
    ['DYNDNS_TTL', '0', { ttlSeconds: 0 }],
    ['DYNDNS_TTL', '2147483647', { ttlSeconds: 2_147_483_647 }],
    ['DYNDNS_ZONE_IDS', 'Z1', { zoneIds: ['Z1'] }],
    ['DYNDNS_ZONE_IDS', 'Z1, /hostedzone/Z2 ,Z3', { zoneIds: ['Z1', 'Z2', 'Z3'] }],
    ['DYNDNS_PAGES', 'false', { pages: undefined }],
    ['DYNDNS_TITLE', 'Tom’s names', { pages: expect.objectContaining({ title: 'Tom’s names' }) }],
    [
      'DYNDNS_URL',
      'https://example.net/dyn/',
      { pages: expect.objectContaining({ baseUrl: expect.objectContaining({ path: '/dyn' }) }) },
    ],
    ['DYNDNS_DNS_SERVER', '[::1]:53', { pages: expect.objectContaining({ dnsServer: '[::1]:53' }) }],
    ['DYNDNS_TRUST_PROXY', '0', { trustProxy: 0 }],
    ['DYNDNS_TRUST_PROXY', '2', { trustProxy: 2 }],
    ['DYNDNS_TRUST_PROXY', '10.0.0.0/8, ::1', { trustProxy: ['10.0.0.0/8', '::1'] }],
    ['DYNDNS_TRUST_PROXY', '2001:db8::/32', { trustProxy: ['2001:db8::/32'] }],
    ['DYNDNS_ALLOW_PRIVATE', 'true', { allowPrivate: true }],
    ['DYNDNS_ALLOW_PRIVATE', 'false', { allowPrivate: false }],
    ['DYNDNS_LOGIN_FAILURES', '5', { lockoutLimit: { failures: 5, seconds: 600 } }],
    ['DYNDNS_LOCKOUT_SECONDS', '60', { lockoutLimit: { failures: 20, seconds: 60 } }],
    ['DYNDNS_REFRESH_SECONDS', '0', { refreshSeconds: 0 }],
    ['DYNO', 'web.1', { isOnHeroku: true, trustProxy: 1 }],
    ['DYNDNS_RECHECK_SECONDS', '0', { recheckSeconds: 0 }],
    ['DYNDNS_RECHECK_SECONDS', '3600', { recheckSeconds: 3600 }],
    ['DYNDNS_REQUESTS_PER_SECOND', '10', { requestQuota: { burst: 50, perSecond: 10 } }],
    ['DYNDNS_CHANGES_PER_SECOND', '100', { changeQuota: { burst: 1500, perSecond: 100 } }],
    [
      'DATABASE_URL',
      'postgres://u:p%40@db.example.com:5432/name',
      { postgres: { url: 'postgres://u:p%40@db.example.com:5432/name', tls: 'none' } },
    ],
    [
      'DATABASE_URL',
      'postgresql://u@db/name?sslmode=require',
      { postgres: { url: 'postgresql://u@db/name', tls: 'unverified' } },
    ],
    [
      'DATABASE_URL',
      'postgres://u@db/name?sslrootcert=system&sslnegotiation=direct&uselibpqcompat=true&options=x',
      { postgres: { url: 'postgres://u@db/name?options=x', tls: 'verified' } },
    ],
    [
      'DATABASE_URL',
      'postgres://u@db/name?sslmode=verify-full&sslrootcert=/ca.pem',
      {
        postgres: {
          url: 'postgres://u@db/name',
          tls: 'verified',
          tlsFiles: { root: '/ca.pem', certificate: undefined, key: undefined },
        },
      },
    ],
    ['DYNDNS_HISTORY_DAYS', '3650', { historyDays: 3650 }],
    ['DYNDNS_METRICS_TOKEN', '0123456789abcde=', { metricsToken: '0123456789abcde=' }],
    ['DYNDNS_NEW_RELIC_ADDRESSES', 'true', { newRelicAddresses: true }],
    ['AWS_REGION', 'eu-central-1', { database: { aws: { region: 'eu-central-1' } } }],
    ['DYNDNS_BUCKET', 'My_Bucket.1', { database: { bucket: 'My_Bucket.1' } }],
    ['DYNDNS_BUCKET', '__proto__', { database: { bucket: '__proto__' } }],
    ['DYNDNS_DATABASE', 'a folder/hosts.csv', { database: { key: 'a folder/hosts.csv' } }],
    ['DYNDNS_DATABASE', 'ü'.repeat(512), { database: { key: 'ü'.repeat(512) } }],
  ])('%s may be %s', (name, value, expected) => {
    expect(readServerConfig({ ...least, [name]: value })).toMatchObject(expected)
  })

  it('takes an empty variable for one that is not set', () => {
    const names = [
      ...['PORT', 'DYNDNS_TTL', 'DYNDNS_ZONE_IDS', 'DYNDNS_TRUST_PROXY', 'DYNDNS_RECHECK_SECONDS', 'DYNO'],
      ...['DYNDNS_REQUESTS_PER_SECOND', 'DYNDNS_CHANGES_PER_SECOND', 'AWS_REGION', 'AWS_ACCESS_KEY_ID'],
      ...['AWS_SECRET_ACCESS_KEY', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_ROUTE_53'],
    ]
    const empty = Object.fromEntries(names.map((name) => [name, '']))
    expect(readServerConfig({ ...least, ...empty })).toEqual(readServerConfig(least))
  })

  it.each<[Environment, number | string[]]>([
    [{ DYNO: 'web.1' }, 1],
    [{ DYNO: '' }, 0],
    [{ DYNO: 'web.1', DYNDNS_TRUST_PROXY: '2' }, 2],
    [{ DYNO: 'web.1', DYNDNS_TRUST_PROXY: '0' }, 0],
    [{ DYNO: 'web.1', DYNDNS_TRUST_PROXY: '' }, 1],
  ])('of %j trusts %j proxies', (env, trustProxy) => {
    expect(readServerConfig({ ...least, ...env }).trustProxy).toEqual(trustProxy)
  })

  it.each<[Environment, boolean]>([
    [{ AWS_ENDPOINT_URL: 'https://s3.example.com/base' }, true],
    [{ AWS_ENDPOINT_URL_S3: 'http://localhost:9000' }, true],
    [{ AWS_ENDPOINT_URL_ROUTE_53: 'http://127.0.0.1:9001' }, false],
    [{}, false],
  ])('of %j asks S3 by path: %s', (env, s3PathStyle) => {
    expect(readDatabaseConfig({ ...least, ...env }).aws).toEqual({ region: 'us-east-1', s3PathStyle })
  })

  it('takes nothing from the prototypes of objects', () => {
    const env: Environment = JSON.parse('{"__proto__":{"PORT":"x"},"constructor":"x","toString":"x"}')
    expect(readServerConfig({ ...env, ...least })).toEqual(readServerConfig(least))
    const bare: Record<string, string | undefined> = Object.assign(Object.create(null), least)
    expect(readServerConfig(bare)).toEqual(readServerConfig(least))
  })
})
