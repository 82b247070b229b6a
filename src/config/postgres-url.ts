import type { Accepts } from './variable.js'

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

/** The URL of a PostgreSQL, with what it says of TLS. */
export function postgresUrl(isOnHeroku: boolean): Accepts<PostgresConfig> {
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
