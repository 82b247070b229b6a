import type { TokenCell } from '../../hosts/token.js'
import type { ServiceUrl } from '../../net/service-url.js'
import { type Setup, type SetupType, setUp, wordsFor } from '../../setups/setup-type.js'
import { CommandError } from '../context.js'
import { placeholderUrl } from './service-url.js'

/** All that somebody needs who sets up a client for a host, as plain text. */
export interface Sheet {
  readonly setup: Setup
  /** The client, and where the fields are or the file belongs. */
  readonly heading: string
  /** What to type or to save, with a line feed at its end. */
  readonly body: string
  /** What to know beside it; never the token. */
  readonly notes: readonly string[]
}

/**
 * The sheet for a host; a token that is hashed is left for the reader to put in. Throws a CommandError for one that the
 * client cannot take.
 */
export function createSheet(type: SetupType, service: ServiceUrl, host: string, cell: TokenCell): Sheet {
  const token = cell.kind === 'plain' ? cell.token : `TOKEN-OF-${host}`
  if (type.acceptedTokens?.test(token) === false) {
    throw new CommandError(
      `the token of ${host} cannot be written for ${type.client}: one of letters, digits, - and _ can, as dyndns53 rotate-token ${host} makes it`,
    )
  }
  const values = { ...service, host, domain: host.replace(/^\*\./, ''), token }
  const setup = setUp(type, values)
  const words = wordsFor(type, values)
  const notes = [...words.notes]
  if (cell.kind === 'hashed')
    notes.push(`The database holds only a hash of the token of ${host}: put the token in place of ${token}.`)
  if ('fields' in setup && !/^[\w-]+$/.test(token))
    notes.push(
      `Not every form takes this token's characters. If it is refused: dyndns53 rotate-token ${host}.`,
    )
  if (service.url === placeholderUrl)
    notes.push(`Put your own service in place of ${placeholderUrl}, or name it with --url or DYNDNS_URL.`)
  return {
    setup,
    heading: plainText(`${type.client}: ${words.where}`),
    body: asText(setup),
    notes: notes.map(plainText),
  }
}

/** Lines for one page: heading, body and notes. */
export function pageOf({ heading, body, notes }: Sheet): string {
  return `${heading}\n\n${body}\n${notes.map((note) => `- ${note}\n`).join('')}`
}

/** What is typed into a form, a line each, or the file. */
export function asText(setup: Setup): string {
  if ('file' in setup) return setup.file.text
  const width = Math.max(...Object.keys(setup.fields).map(({ length }) => length))
  const lines = Object.entries(setup.fields).map(([label, value]) => `${label.padEnd(width)}  ${value}\n`)
  return lines.join('')
}

/** Without the one mark of Markdown that the types use: quotes in the place of backticks. */
function plainText(markdown: string): string {
  // What has such quotes in it keeps its own, or nobody could tell where it ends.
  return markdown.replace(/`([^`']*)`/g, "'$1'")
}
