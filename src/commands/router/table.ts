import type { RouterType, Setup, Target } from './router-type.js'
import { routerTypes } from './router-types.js'

/** What the README's owner puts in place of. */
const example: Target = {
  host: 'home.dyndns.mydomain.com',
  token: 'TOKEN',
  service: { url: 'https://APP', authority: 'APP', isHttps: true },
}

const evidence: Readonly<Record<RouterType['evidence'], string>> = {
  run: 'run here in the tests, over http',
  source: 'from its source code',
  documentation: 'from its documentation',
}

/** The README's table of all types, with their files and notes below it, in Markdown. */
export function routerTable(): string {
  const header = ['Client', 'Where', 'What to type', 'https', 'IPv6', 'Several hosts', 'Evidence']
  const rows = routerTypes.map((type) => [
    type.client,
    type.where,
    cell(type.setUp(example)),
    type.https,
    type.ipv6,
    type.severalHosts,
    evidence[type.evidence],
  ])
  const table = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `${[table.join('\n'), ...routerTypes.map(details)].join('\n\n')}\n`
}

function cell(setup: Setup): string {
  if ('file' in setup) return 'the file below'
  return Object.entries(setup.fields)
    .map(([label, value]) => `${label}: \`${value.replaceAll('|', '\\|')}\``)
    .join('<br>')
}

function details(type: RouterType): string {
  const setup = type.setUp(example)
  const file = 'file' in setup ? `\n\n\`\`\`\n${setup.file.text}\`\`\`\n` : '\n'
  const notes = type.notes(example).map((note) => `- ${note}`)
  return `**${type.client}** (\`--type ${type.type}\`)${file}\n${notes.join('\n')}`
}
