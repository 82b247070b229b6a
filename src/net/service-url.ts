/** Where the service is reached. */
export interface ServiceUrl {
  readonly scheme: 'http' | 'https'
  /** Host name, and the port if it is not the scheme's own. */
  readonly authority: string
  /** Scheme and authority, such as `https://app.example.com`. */
  readonly url: string
}

/** A service that may lie below a path, behind a proxy that takes the path off again. */
export interface BaseUrl extends ServiceUrl {
  /** Begins with a slash and ends without one; empty where the service has the host name for itself. */
  readonly path: string
}

/**
 * Undefined for what is not a service's URL; https where no scheme is written. A name without a dot is none: ddclient
 * would give the token to its default server.
 */
export function parseServiceUrl(text: string): ServiceUrl | undefined {
  const [, typed = 'https', authority = ''] =
    /^(?:(https?):\/\/)?([\w-]+(?:\.[\w-]+)+(?::\d+)?)\/?$/i.exec(text.trim()) ?? []
  const scheme = typed.toLowerCase() === 'http' ? 'http' : 'https'
  const url = `${scheme}://${authority}`
  return URL.canParse(url) ? { scheme, authority, url } : undefined
}

/** A service's URL as `parseServiceUrl` takes it, maybe with a path of plain segments; undefined for anything else. */
export function parseBaseUrl(text: string): BaseUrl | undefined {
  const [, origin = '', path = ''] =
    /^((?:https?:\/\/)?[^/]+)((?:\/[\w.~-]*[\w~-][\w.~-]*)*)\/?$/i.exec(text.trim()) ?? []
  const service = parseServiceUrl(origin)
  return service && { ...service, path }
}
