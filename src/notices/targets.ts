/** The forms that a notice can take, each as a service wants it. */
export const formNames = ['json', 'ntfy', 'slack', 'mattermost', 'discord', 'telegram', 'ping'] as const

/** How a notice is put for whoever takes it; `ping`: not at all, but a monitor is asked for while all is well. */
export type FormName = (typeof formNames)[number]

/** Where notices go. */
export interface Target {
  readonly form: FormName
  /** Without prefix and login. Who knows it may send: a secret. */
  readonly url: URL
  /** The login of the URL as an Authorization header, as `fetch` takes none in a URL; undefined where it had none. */
  readonly authorization: string | undefined
  /** The parts of the URL that no output may hold, as an answer may repeat them. */
  readonly secrets: readonly string[]
  /** Which URL of the variable it is, from 1 on: what may be said of it, beside `host`. */
  readonly place: number
  /** Host name, and the port if it is not the scheme's own. */
  readonly host: string
}

/** More would be a mistake, such as a file in the place of a URL. */
export const maxTargets = 10

/** Services that have one address, so that their URLs need no prefix. */
const wellKnown: Readonly<Record<string, FormName>> = {
  'ntfy.sh': 'ntfy',
  'hooks.slack.com': 'slack',
  'discord.com': 'discord',
  'discordapp.com': 'discord',
  'api.telegram.org': 'telegram',
  'hc-ping.com': 'ping',
}

/**
 * The targets of URLs with blanks between them, or what is wrong with one of them: by its place, never by its text, which
 * is a secret.
 */
export function parseTargets(
  text: string,
): { readonly targets: readonly Target[] } | { readonly flaw: string } {
  const words = text.split(/\s+/).filter(Boolean)
  if (words.length === 0) return { flaw: 'it is blank' }
  if (words.length > maxTargets) return { flaw: `it has ${words.length} URLs` }
  const targets: Target[] = []
  for (const [index, word] of words.entries()) {
    const target = parseTarget(word, index + 1)
    if (typeof target === 'string') return { flaw: `URL ${index + 1} of ${words.length} ${target}` }
    targets.push(target)
  }
  return { targets }
}

/** A target, or what is wrong with it. */
function parseTarget(text: string, place: number): Target | string {
  const [, prefix, address = ''] = /^(?:([a-z]+)\+)?(https?:\/\/.+)$/i.exec(text) ?? []
  if (!URL.canParse(address)) return 'does not begin with https:// or http://, maybe behind FORM+'
  const url = new URL(address)
  const named = formNames.find((name) => name === prefix?.toLowerCase())
  if (prefix !== undefined && !named) return `has a form that is not known: there are ${formNames.join(', ')}`
  const form = named ?? wellKnown[url.hostname] ?? 'json'
  const secrets = secretsOf(url)
  const authorization = takeLogin(url)
  url.hash = ''
  return flawOf(form, url) ?? { form, url, authorization, secrets, place, host: url.host }
}

/** A part of fewer characters is in words of any kind. */
const shortestSecret = 3

/** Login, segments of the path and values of the query, as they stand and as they are meant. */
function secretsOf({ username, password, pathname, searchParams }: URL): string[] {
  const parts = [username, password, ...pathname.split('/'), ...searchParams.values()]
  const spellings = new Set(parts.flatMap((part) => [part, decoded(part)]))
  return [...spellings].filter((part) => part.length >= shortestSecret)
}

/** Takes the login out of a URL. */
function takeLogin(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined
  const login = `${decoded(url.username)}:${decoded(url.password)}`
  url.username = ''
  url.password = ''
  return `Basic ${Buffer.from(login).toString('base64')}`
}

/** As it was meant; as it stands where a % is no escape. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What keeps a form from using this URL. */
function flawOf(form: FormName, url: URL): string | undefined {
  if (form === 'ntfy' && !/^\/[\w-]{1,64}$/.test(url.pathname)) {
    return 'names no ntfy topic: its path is / and the topic'
  }
  if (form === 'telegram' && !(url.pathname.endsWith('/sendMessage') && url.searchParams.get('chat_id'))) {
    return "is not Telegram's: it ends with /botTOKEN/sendMessage?chat_id=CHAT"
  }
  return undefined
}
