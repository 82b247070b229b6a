import type { ServiceUrl } from '../net/service-url.js'

/** What a client is set up with; in a template, `{host}` stands for `host`, and so on. */
export interface SetupValues extends ServiceUrl {
  /** Canonical host name; the login as well. */
  readonly host: string
  /** The host name without the `*.` of a wildcard. */
  readonly domain: string
  /** The host's token, or what stands in its place. */
  readonly token: string
}

/** A template, or one for each scheme of the service: the field is left alone where that scheme has none. */
export type FieldTemplate = string | Readonly<Partial<Record<ServiceUrl['scheme'], string>>>

/** What is known of every client. */
interface ClientFacts {
  /** As it is typed after `--type`. */
  readonly type: string
  /** Its name, with the versions that are meant. */
  readonly client: string
  /** Where the fields are, or where the file belongs: a template as the notes are. */
  readonly where: string
  /** What to know beside it, a sentence or two each: templates, in which `{token}` stands for nothing. */
  readonly notes: readonly string[]
  /** How it is known that this is right: it is run in the tests, or its source or its documentation was read. */
  readonly evidence: 'run' | 'source' | 'documentation'
  /** The tokens that it can be given; all of them, if left out. */
  readonly acceptedTokens?: RegExp
}

/** A client that has a form to fill in. */
export interface FormType extends ClientFacts {
  /** What to type, by the label of the field. */
  readonly fields: Readonly<Record<string, FieldTemplate>>
}

/** A client that reads a file or runs a script. */
export interface FileType extends ClientFacts {
  readonly file: { readonly name: string; readonly text: (values: SetupValues) => string }
}

/** How a client is set up for a host. */
export type SetupType = FormType | FileType

/** What is typed into a form, by the labels of its fields, or saved as a file. */
export type Setup =
  | { readonly fields: Readonly<Record<string, string>> }
  | { readonly file: { readonly name: string; readonly text: string } }

/** What to type or to save for one host. The token must be one that the type accepts. */
export function setUp(type: SetupType, values: SetupValues): Setup {
  if ('file' in type) return { file: { name: type.file.name, text: type.file.text(values) } }
  const fields = Object.entries(type.fields).flatMap(([label, template]) => {
    const chosen = typeof template === 'string' ? template : template[values.scheme]
    return chosen === undefined ? [] : [[label, fillIn(chosen, values)]]
  })
  return { fields: Object.fromEntries(fields) }
}

/** Where a setup belongs, and the type's notes, for this host of this service. They never hold the token. */
export function wordsFor(
  { where, notes }: SetupType,
  { token: _, ...values }: SetupValues,
): { readonly where: string; readonly notes: readonly string[] } {
  return { where: fillIn(where, values), notes: notes.map((note) => fillIn(note, values)) }
}

/** Printable ASCII, which every file and every shell takes. */
export const printableAscii = /^[ -~]+$/

/** A word of the shell. */
export function shellWord(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}

/** In one pass: a token that looks like a placeholder stays as it is. */
function fillIn(template: string, values: Partial<SetupValues>): string {
  return template.replace(
    /\{(scheme|authority|url|host|domain|token)\}/g,
    (placeholder, name: keyof SetupValues) => values[name] ?? placeholder,
  )
}
