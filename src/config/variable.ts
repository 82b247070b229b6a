/** The environment as the process got it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Says everything that is wrong with the environment, a line for each variable, without any secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the configuration has ${problems.length === 1 ? 'a problem' : 'problems'}: ${problems.join('; ')}`)
    this.problems = problems
  }
}

/** What a variable accepts, in words, and how it is read: undefined for what it does not accept. */
export interface Accepts<T> {
  readonly accepted: string
  /** Whether a value is never shown, not even a wrong one. */
  readonly isSecret?: boolean
  /** What is wrong with a value that is not accepted, without any of it; undefined where there is no more to say. */
  flawOf?(text: string): string | undefined
  parse(text: string): T | undefined
}

/** Reads a variable; without a fallback it must be set. An empty one counts as not set. */
export type Read = <T, F = T>(name: string, accepts: Accepts<T>, ...fallback: [] | [F]) => T | F

/** What `build` makes of the variables. Throws one ConfigError that lists every problem. */
export function checked<T>(env: Environment, build: (read: Read) => T): T {
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

/** A number from `least` to `most`; `unit` follows the word number. */
export function wholeNumber(least: number, most: number, unit = ''): Accepts<number> {
  return {
    accepted: `a whole number${unit} from ${least} to ${most}`,
    parse(text) {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
      return value >= least && value <= most ? value : undefined
    },
  }
}

/** Text that has this form. */
export function matching(pattern: RegExp, accepted: string): Accepts<string> {
  return { accepted, parse: (text) => (pattern.test(text) ? text : undefined) }
}

/** A reader of items with commas between them, of which each must be good. */
export function list<T>(item: (text: string) => T | undefined): (text: string) => T[] | undefined {
  return (text) => {
    const items = text.split(',').map((part) => item(part.trim()))
    return items.every((value) => value !== undefined) ? items : undefined
  }
}

/** The value for a person to recognize; not whole where it is long or may hold a password. */
function quote(text: string): string {
  if (text.includes('@')) return 'something with an @ in it, maybe a login'
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
