import { nearestName } from '../nearest-name.js'
import type { BaseUrl } from '../net/service-url.js'
import type { Target } from '../notices/targets.js'
import {
  addressOrSocket,
  anyText,
  awsRegion,
  baseUrl,
  bearerToken,
  bucketName,
  dnsServer,
  endpoint,
  notifyUrls,
  objectKey,
  proxies,
  proxiesAtSocket,
  secret,
  silentHours,
  siteTitle,
  yesOrNo,
  zoneIdList,
} from './accepts.js'
import { type PostgresConfig, postgresUrl } from './postgres-url.js'
import { checked, type Environment, type Read, wholeNumber } from './variable.js'

/** Where the host database lies and how AWS is reached. */
export interface DatabaseConfig {
  readonly aws: AwsConfig
  readonly bucket: string
  /** The S3 key of the CSV. */
  readonly key: string
}

/** What the AWS clients need beyond what the SDK reads from the environment by itself (credentials, endpoints). */
export interface AwsConfig {
  readonly region: string
  /** Whether S3 is asked by path and not by a host name for each bucket, as other endpoints than AWS want it. */
  readonly s3PathStyle: boolean
}

/** The host database and the zones that its hosts may lie in. */
export interface AccountConfig {
  readonly database: DatabaseConfig
  /** Hosted zones named outright; empty for all public zones of the account. */
  readonly zoneIds: readonly string[]
}

/** What the owner is told, and where. */
export interface NoticesConfig {
  /** Where notices go, with what is secret in their URLs; empty: nobody is told. */
  readonly targets: readonly Target[]
  /** A host that has not called for this long is silent; undefined: nobody is told of that. */
  readonly silentHours: number | undefined
}

/** Everything that the web process can be told. */
export interface ServerConfig extends AccountConfig {
  /** Not used at a Unix socket. */
  readonly port: number
  /** The address or the Unix socket to listen on; undefined for every interface. */
  readonly listen: { readonly address: string } | { readonly socket: string } | undefined
  readonly ttlSeconds: number
  /** Proxies in front that are believed: how many hops, or their networks; 0 for none. */
  readonly trustProxy: number | readonly string[]
  /** Whether addresses are published that the internet cannot reach: for a service on a LAN, and for tests. */
  readonly allowPrivate: boolean
  /** Whether hosts may set the challenges that prove their names to a CA. */
  readonly certificates: boolean
  /** How many failed logins from one place lock it out for how many seconds. */
  readonly lockoutLimit: { readonly failures: number; readonly seconds: number }
  /** What the pages for people need; undefined where there shall be none. */
  readonly pages: PagesConfig | undefined
  /** The PostgreSQL by which processes share their work; undefined: this one works alone. */
  readonly postgres: PostgresConfig | undefined
  /** How long PostgreSQL keeps the calls and changes of a host. */
  readonly historyDays: number
  /** What opens the figures at /metrics; undefined: nobody may see them. */
  readonly metricsToken: string | undefined
  /** Whether New Relic gets the addresses of hosts. */
  readonly newRelicAddresses: boolean
  readonly notices: NoticesConfig
  /** Whether this is a dyno of Heroku. */
  readonly isOnHeroku: boolean
  /** How often a new version of the host database is looked for; 0: only at start and on SIGHUP. */
  readonly refreshSeconds: number
  /** A record that no client asked for during this time is no longer tried. */
  readonly giveUpSeconds: number
  /** What was read from or written to Route 53 this recently is not read again; 0: always ask. */
  readonly recheckSeconds: number
  /** The same for a zone whose hosts call so often that reading each would take more than half of the calls. */
  readonly recheckMaxSeconds: number
  /** Calls to Route 53 that may be made: `burst` at once after a rest, `perSecond` in the long run. */
  readonly requestQuota: { readonly burst: number; readonly perSecond: number }
  /** Changes that may be made in them, a DELETE and a CREATE counted one each. */
  readonly changeQuota: ServerConfig['requestQuota']
}

/** The pages that a person sees in a browser. */
export interface PagesConfig {
  /** What the site calls itself. */
  readonly title: string
  /** Where browsers and routers reach the service; undefined: where the request came to. */
  readonly baseUrl: BaseUrl | undefined
  /** The DNS server that is asked in place of a zone's own; undefined for those. */
  readonly dnsServer: string | undefined
}

/** The configuration of the web process. Throws one ConfigError that lists every problem. */
export function readServerConfig(env: Environment): ServerConfig {
  return checked(env, (read) => serverConfig(env, read))
}

function serverConfig(env: Environment, read: Read): ServerConfig {
  const listen = read('DYNDNS_LISTEN', addressOrSocket, undefined)
  const isAtSocket = listen !== undefined && 'socket' in listen
  const postgres = postgresConfig(env, read)
  const historyDays = read('DYNDNS_HISTORY_DAYS', wholeNumber(1, 3650, ' of days'), 90)
  return {
    ...accountConfig(env, read),
    port: read('PORT', wholeNumber(0, 65_535), 8080),
    listen,
    ttlSeconds: read('DYNDNS_TTL', wholeNumber(0, 2_147_483_647, ' of seconds'), 60),
    trustProxy: read(
      'DYNDNS_TRUST_PROXY',
      isAtSocket ? proxiesAtSocket : proxies,
      isAtSocket || env['DYNO'] ? 1 : 0,
    ),
    allowPrivate: read('DYNDNS_ALLOW_PRIVATE', yesOrNo, false),
    certificates: read('DYNDNS_CERTIFICATES', yesOrNo, true),
    lockoutLimit: {
      failures: read('DYNDNS_LOGIN_FAILURES', wholeNumber(1, 1_000_000), 20),
      seconds: read('DYNDNS_LOCKOUT_SECONDS', wholeNumber(1, 86_400), 600),
    },
    pages: pagesConfig(read),
    postgres,
    historyDays,
    metricsToken: read('DYNDNS_METRICS_TOKEN', bearerToken, undefined),
    newRelicAddresses: read('DYNDNS_NEW_RELIC_ADDRESSES', yesOrNo, false),
    notices: {
      targets: noticeTargets(read),
      silentHours: read('DYNDNS_SILENT_HOURS', silentHours(postgres && historyDays), undefined),
    },
    isOnHeroku: Boolean(env['DYNO']),
    refreshSeconds: read('DYNDNS_REFRESH_SECONDS', wholeNumber(0, 86_400), 60),
    giveUpSeconds: read('DYNDNS_GIVE_UP_SECONDS', wholeNumber(1, 86_400), 900),
    recheckSeconds: read('DYNDNS_RECHECK_SECONDS', wholeNumber(0, 3600), 30),
    recheckMaxSeconds: read('DYNDNS_RECHECK_MAX_SECONDS', wholeNumber(1, 86_400), 900),
    // Route 53 gives an account bursts of 50 requests and 1,500 changes; a fifth is left to the owner's other tools.
    requestQuota: quota(read('DYNDNS_REQUESTS_PER_SECOND', wholeNumber(1, 1000), 8), 5),
    changeQuota: quota(read('DYNDNS_CHANGES_PER_SECOND', wholeNumber(2, 10_000), 80), 15),
  }
}

/** The configuration of a command that looks at the zones too. Throws one ConfigError that lists every problem. */
export function readAccountConfig(env: Environment): AccountConfig {
  return checked(env, (read) => accountConfig(env, read))
}

/** The configuration of the command line. Throws one ConfigError that lists every problem. */
export function readDatabaseConfig(env: Environment): DatabaseConfig {
  return checked(env, (read) => databaseConfig(env, read))
}

/** Where notices go, for a command; empty where that is not set. Throws a ConfigError. */
export function readNoticeTargets(env: Environment): readonly Target[] {
  return checked(env, noticeTargets)
}

/** The address of the service, for what `router` prints, as it is written; undefined where it is not set. */
export function readServiceUrl(env: Environment): string | undefined {
  return checked(env, (read) => read('DYNDNS_URL', anyText, undefined))
}

/** A sentence, without the value, for each variable that is set, begins with DYNDNS_ and is read by no reader above. */
export function describeUnknownVariables(env: Environment): string[] {
  // compose.yaml reads this one.
  const known = new Set(['DYNDNS_SITE'])
  const note: Read = (name, _accepts, ...fallback) => {
    known.add(name)
    return fallback[0] as never
  }
  serverConfig({}, note)
  const bare = (name: string) => name.replace(/^DYNDNS_/i, '')
  const names = new Map([...known].map((name) => [bare(name), name]))
  return Object.keys(env)
    .filter((name) => /^DYNDNS_/i.test(name) && env[name] && !known.has(name))
    .map((name) => {
      const nearest = names.get(nearestName(bare(name).toUpperCase(), names.keys()) ?? '')
      return `${name} is set, and nothing reads it: ${nearest ? `write ${nearest}, if that is meant` : 'see docs/configuration.md for the names'}`
    })
}

/** The PostgreSQL of a command, undefined where none is set. Throws a ConfigError. */
export function readPostgresConfig(env: Environment): PostgresConfig | undefined {
  return checked(env, (read) => postgresConfig(env, read))
}

function accountConfig(env: Environment, read: Read): AccountConfig {
  return {
    database: databaseConfig(env, read),
    zoneIds: read('DYNDNS_ZONE_IDS', zoneIdList, []),
  }
}

function postgresConfig(env: Environment, read: Read): PostgresConfig | undefined {
  return env['DATABASE_URL'] ? read('DATABASE_URL', postgresUrl(Boolean(env['DYNO']))) : undefined
}

function databaseConfig(env: Environment, read: Read): DatabaseConfig {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_ROUTE_53']) {
    read(name, endpoint, '')
  }
  // Without either, the SDK looks for a profile or a role.
  if (env['AWS_ACCESS_KEY_ID']) read('AWS_SECRET_ACCESS_KEY', secret)
  if (env['AWS_SECRET_ACCESS_KEY']) read('AWS_ACCESS_KEY_ID', secret)
  return {
    aws: {
      region: read('AWS_REGION', awsRegion, 'us-east-1'),
      s3PathStyle: Boolean(env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL']),
    },
    bucket: read('DYNDNS_BUCKET', bucketName),
    key: read('DYNDNS_DATABASE', objectKey),
  }
}

function noticeTargets(read: Read): readonly Target[] {
  return read('DYNDNS_NOTIFY_URL', notifyUrls, [])
}

/** All of it is checked, whether the pages are on or not. */
function pagesConfig(read: Read): PagesConfig | undefined {
  const pages = {
    title: read('DYNDNS_TITLE', siteTitle, 'dyndns53'),
    baseUrl: read<BaseUrl | ''>('DYNDNS_URL', baseUrl, '') || undefined,
    dnsServer: read('DYNDNS_DNS_SERVER', dnsServer, '') || undefined,
  }
  return read('DYNDNS_PAGES', yesOrNo, true) ? pages : undefined
}

function quota(perSecond: number, burstSeconds: number): ServerConfig['requestQuota'] {
  return { burst: perSecond * burstSeconds, perSecond }
}
