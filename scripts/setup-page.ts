import { type Setup, type SetupType, type SetupValues, setUp, wordsFor } from '../src/setups/setup-type.js'

/** What the reader replaces by their own. */
const example: SetupValues = {
  scheme: 'https',
  authority: 'APP',
  url: 'https://APP',
  host: 'home.dyndns.mydomain.com',
  domain: 'home.dyndns.mydomain.com',
  token: 'TOKEN',
}

/** A row of a table, such as what is known of a client: its label and its value. */
export type Row = readonly [label: string, value: string]

/** A page of docs/ in Markdown: the introduction, an index of the types, and a section for each. */
export function setupPage<Type extends SetupType>(
  introduction: string,
  types: readonly Type[],
  factsOf: (type: Type) => readonly Row[],
): string {
  const index = types.map(({ client, type }) => `- [${client}](#${anchorOf(client)}): \`--type ${type}\``)
  const sections = types.map((type) => section(type, factsOf(type)))
  return [introduction, `${index.join('\n')}\n`, ...sections].join('\n')
}

function section(type: SetupType, facts: readonly Row[]): string {
  const { where, notes } = wordsFor(type, example)
  return `## ${type.client}

Where: ${where}

${setupBlock(setUp(type, example))}
${notes.map((note) => `- ${note}\n`).join('')}
${table(['', ''], facts)}`
}

function setupBlock(setup: Setup): string {
  if ('file' in setup) return `\`\`\`\n${setup.file.text}\`\`\`\n`
  const rows = Object.entries(setup.fields).map(([label, value]): Row => [label, `\`${value}\``])
  return table(['Field', 'Value'], rows)
}

function table(header: Row, rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => {
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  }
  return [header, header.map(() => '---'), ...rows].map(line).join('')
}

/** What GitHub makes of a heading: lower case, of punctuation only hyphens and underscores, a hyphen for each blank. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-')
}
