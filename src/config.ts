import { nearestName } from './nearest-name.js'
import { isDnsServer } from './net/dns.js'
import { parseAddress } from './net/ip-address.js'
import { type BaseUrl, parseBaseUrl } from './net/service-url.js'
import { formNames, maxTargets, parseTargets, type Target } from './notices/targets.js'

/** The environment as the process got it. */
export type Environment = Readonly<Record<string, string | undefined>>

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

/** A PostgreSQL and how it is reached. */
export interface PostgresConfig {
  /** With user and password, and without what it says of TLS: never to be logged. */
  readonly url: string
  /**
   * Whom to believe. `unverified`: whoever answers; `same-root`: who has a certificate of `tlsFiles.root`, whatever its name;
   * `verified`: who has a certificate of this host. `none`: not encrypted.
   */
  readonly tls: 'none' | 'unverified' | 'same-root' | 'verified'
  readonly tlsFiles?: PostgresTlsFiles
}

/** Files in PEM. */
export interface PostgresTlsFiles {
  /** The root that must have signed the server's certificate; undefined: the public ones. */
  readonly root: string | undefined
  /** What the service shows of itself, where the server wants that. */
  readonly certificate: string | undefined
  readonly key: string | undefined
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

/** Says everything that is wrong with the environment, a line for each variable, without any secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the configuration has ${problems.length === 1 ? 'a problem' : 'problems'}: ${problems.join('; ')}`)
    this.problems = problems
  }
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

/** What a variable accepts, in words, and how it is read: undefined for what it does not accept. */
interface Accepts<T> {
  readonly accepted: string
  /** Whether a value is never shown, not even a wrong one. */
  readonly isSecret?: boolean
  /** What is wrong with a value that is not accepted, without any of it; undefined where there is no more to say. */
  flawOf?(text: string): string | undefined
  parse(text: string): T | undefined
}

/** Reads a variable; without a fallback it must be set. An empty one counts as not set. */
type Read = <T, F = T>(name: string, accepts: Accepts<T>, ...fallback: [] | [F]) => T | F

function checked<T>(env: Environment, build: (read: Read) => T): T {
  const problems: string[] = []
  const config = build((name, { accepted, isSecret, flawOf, parse }, ...fallback) => {
    const text = env[name] ?? ''
    if (text === '' && fallback.length > 0) return fallback[0] as never
    const value = text === '' ? undefined : parse(text)
    if (value !== undefined) return value
    const flaw = flawOf?.(text)
    const malformed = flaw ? `is malformed (${flaw})` : 'is malformed'
    const what = text === '' ? 'is not set' : isSecret ? malformed : `is ${quote(text)}`
    problems.push(`${name} ${what}: it takes ${accepted}`)
    // Never used: a problem is thrown below.
    return fallback[0] as never
  })
  if (problems.length > 0) throw new ConfigError(problems)
  return config
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

const notifyUrls: Accepts<readonly Target[]> = {
  accepted: `at most ${maxTargets} URLs with blanks between them, each with https:// or http://, and with its form and a + before that if its host does not tell it: ${formNames.join(', ')}`,
  isSecret: true,
  flawOf(text) {
    const parsed = parseTargets(text)
    return 'flaw' in parsed ? parsed.flaw : undefined
  },
  parse(text) {
    const parsed = parseTargets(text)
    return 'targets' in parsed ? parsed.targets : undefined
  },
}

/** With a PostgreSQL, a host must still be known there when it is silent. */
function silentHours(historyDays: number | undefined): Accepts<number> {
  const most = Math.min(8760, 24 * (historyDays ?? 365))
  const why = historyDays === undefined ? '' : ' (not longer than DYNDNS_HISTORY_DAYS)'
  return { ...wholeNumber(1, most, ' of hours'), accepted: `a whole number of hours from 1 to ${most}${why}` }
}

const siteTitle = matching(
  /^(?=.*\S)\P{C}{1,60}$/u,
  'the name of the site, at most 60 characters on one line',
)

const baseUrl: Accepts<BaseUrl> = {
  accepted: 'http:// or https:// and a full host name or an address, maybe with a port and a path',
  parse: parseBaseUrl,
}

const dnsServer: Accepts<string> = {
  accepted: 'the IP address of a DNS server, maybe with a port, such as 192.0.2.53 or [2001:db8::53]:5353',
  parse: (text) => (isDnsServer(text) ? text : undefined),
}

const secret: Accepts<string> = {
  accepted: 'its half of an AWS access key, without spaces or line ends',
  isSecret: true,
  parse: (text) => (/^[!-~]+$/.test(text) ? text : undefined),
}

const bearerToken: Accepts<string> = {
  accepted: '16 to 200 characters of A-Z a-z 0-9 - . _ ~ + /, such as openssl rand -hex 24 prints',
  isSecret: true,
  parse: (text) => (/^(?=.{16,200}$)[\w.~+/-]+=*$/.test(text) ? text : undefined),
}

/** As libpq has them; `no-verify` is of the library. Those that may fall back to plain text are not taken. */
const tlsModes: ReadonlyMap<string, PostgresConfig['tls']> = new Map([
  ['disable', 'none'],
  ['require', 'unverified'],
  ['no-verify', 'unverified'],
  ['verify-ca', 'same-root'],
  ['verify-full', 'verified'],
])

/** Parameters by which the library would make up its own mind about TLS. */
const tlsParameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'uselibpqcompat']

function postgresUrl(isOnHeroku: boolean): Accepts<PostgresConfig> {
  return {
    accepted:
      'postgres://USER:PASSWORD@HOST:PORT/NAME, and after it ?sslmode=disable, require, verify-ca (with &sslrootcert=FILE) or verify-full if wanted; neither ssl= nor a mode that may fall back to plain text',
    isSecret: true,
    parse(text) {
      if (!URL.canParse(text)) return undefined
      const url = new URL(text)
      const isWhole = url.hostname !== '' && url.pathname.length > 1
      if (!/^postgres(ql)?:$/.test(url.protocol) || !isWhole || url.searchParams.has('ssl')) return undefined
      const tls = postgresTls(url.searchParams, isOnHeroku)
      for (const name of tlsParameters) url.searchParams.delete(name)
      return tls && { url: url.href, ...tls }
    },
  }
}

/** Without an sslmode: encrypted on Heroku, whose certificates no public root has signed; elsewhere not, unless a root is named. */
function postgresTls(
  parameters: URLSearchParams,
  isOnHeroku: boolean,
): Pick<PostgresConfig, 'tls' | 'tlsFiles'> | undefined {
  const file = (name: string) => parameters.get(name) || undefined
  const named = file('sslrootcert')
  const usual = named ? 'verify-full' : isOnHeroku ? 'require' : 'disable'
  const mode = parameters.get('sslmode') ?? usual
  // libpq's word for the public roots.
  const root = named === 'system' ? undefined : named
  const tlsFiles = { root, certificate: file('sslcert'), key: file('sslkey') }
  if (named === 'system' && mode !== 'verify-full') return undefined
  if (Boolean(tlsFiles.certificate) !== Boolean(tlsFiles.key)) return undefined
  // As in libpq, a root makes `require` look at it.
  const tls = mode === 'require' && root ? 'same-root' : tlsModes.get(mode)
  if (!tls || (tls === 'same-root' && !root)) return undefined
  const hasFiles = tls !== 'none' && Object.values(tlsFiles).some(Boolean)
  return hasFiles ? { tls, tlsFiles } : { tls }
}

const awsRegion = matching(/^[a-z0-9-]+$/, 'the name of an AWS region such as eu-west-1')

const bucketName = matching(/^[A-Za-z0-9._-]{3,255}$/, 'the name of an S3 bucket, without s3:// or a path')

const objectKey: Accepts<string> = {
  accepted: 'the key of the CSV in the bucket, at most 1024 bytes, such as database.csv',
  parse: (text) => (Buffer.byteLength(text) <= 1024 ? text : undefined),
}

const endpoint: Accepts<string> = {
  accepted: 'a URL with http:// or https:// and without a login',
  parse: (text) => (/^https?:\/\/[^@]+$/.test(text) && URL.canParse(text) ? text : undefined),
}

const zoneIdList: Accepts<string[]> = {
  accepted: 'hosted zone ids with commas between them, such as Z0123456789ABCDEFGHIJ',
  parse: list((id) =>
    /^(\/hostedzone\/)?[A-Z0-9]{1,32}$/.test(id) ? id.replace('/hostedzone/', '') : undefined,
  ),
}

const yesOrNo: Accepts<boolean> = {
  accepted: 'true or false',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
}

const anyText: Accepts<string> = { accepted: 'any text', parse: (text) => text }

const addressOrSocket: Accepts<{ address: string } | { socket: string }> = {
  accepted:
    'an IP address of this machine such as 127.0.0.1, or the path of a Unix socket from / on, at most 103 bytes',
  parse(text) {
    // The limit of macOS; Linux has 107.
    if (text.startsWith('/')) return Buffer.byteLength(text) <= 103 ? { socket: text } : undefined
    const address = parseAddress(text)
    return address && { address: address.text }
  },
}

/** Who calls at a Unix socket has no address but what the proxy there says. */
const proxiesAtSocket: Accepts<number | string[]> = {
  accepted:
    'at a Unix socket a number from 1 up, or the networks of further proxies with commas between them',
  parse: (text) => proxies.parse(text) || undefined,
}

const proxies: Accepts<number | string[]> = {
  accepted:
    'the number of trusted proxies in front, or their networks with commas between them, such as 10.0.0.0/8,::1',
  parse: (text) => wholeNumber(0, 100).parse(text) ?? list(network)(text),
}

function quota(perSecond: number, burstSeconds: number): ServerConfig['requestQuota'] {
  return { burst: perSecond * burstSeconds, perSecond }
}

function wholeNumber(least: number, most: number, unit = ''): Accepts<number> {
  return {
    accepted: `a whole number${unit} from ${least} to ${most}`,
    parse(text) {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
      return value >= least && value <= most ? value : undefined
    },
  }
}

function matching(pattern: RegExp, accepted: string): Accepts<string> {
  return { accepted, parse: (text) => (pattern.test(text) ? text : undefined) }
}

function list<T>(item: (text: string) => T | undefined): (text: string) => T[] | undefined {
  return (text) => {
    const items = text.split(',').map((part) => item(part.trim()))
    return items.every((value) => value !== undefined) ? items : undefined
  }
}

function network(text: string): string | undefined {
  const [start = '', bits, ...more] = text.split('/')
  const address = parseAddress(start)
  if (!address || more.length > 0) return undefined
  if (bits === undefined) return address.text
  const isLength = wholeNumber(1, address.family === 4 ? 32 : 128).parse(bits) !== undefined
  return isLength ? `${address.text}/${bits}` : undefined
}

/** The value for a person to recognize; not whole where it is long or may hold a password. */
function quote(text: string): string {
  if (text.includes('@')) return 'something with an @ in it, maybe a login'
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
