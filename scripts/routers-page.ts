import { notesFor, type RouterType, type Setup, type SetupValues, setUp } from '../src/setups/router-type.js'
import { routerTypes } from '../src/setups/router-types.js'

/** What the reader replaces by their own. */
const example: SetupValues = {
  scheme: 'https',
  authority: 'APP',
  url: 'https://APP',
  host: 'home.dyndns.mydomain.com',
  token: 'TOKEN',
}

const evidence: Readonly<Record<RouterType['evidence'], string>> = {
  run: 'run here in the tests, over http',
  source: 'from its source code',
  documentation: 'from its documentation',
}

const introduction = `# Routers and clients

For whoever sets up a router or another client, so that the name of a host follows its address.

<!-- Made by \`npm run docs\` from src/setups/: change it there. -->

For a host in the database, \`dyndns53 router\` prints what to type or to save, with its token in it (a placeholder where the
database holds only a hash). It takes the types that are named below:

\`\`\`
npx dyndns53 router home.dyndns.mydomain.com --type fritzbox --url https://APP
\`\`\`

Without \`--url\` it takes \`DYNDNS_URL\` from the environment; without \`--type\` it lists the types. The setup comes on standard
output and the notes on standard error, so \`--type ddclient > ddclient.conf\` makes the file; \`--json\` is for scripts.

On this page, \`APP\` is the host name of your service, \`home.dyndns.mydomain.com\` the host and \`TOKEN\` its token. For a service
that speaks plain http, write \`http://\`, and turn off what says SSL.

All of these speak the dyndns2 protocol to \`/nic/update\`, where a client may say which address to register. Several hosts in
one request need the same token; any one of them is the login. "Evidence" says how the setup is known to be right: the client is
run, or its source code or its documentation was read. For a client that is not run here, the tests fill in the fields as that
client does, and send the request that comes of it to the service.

For a client that is not here, look for "custom" or "user defined" in its settings, and take the fields of the
[README](../README.md).
`

/** docs/routers.md as it is to be, in Markdown. */
export function routersPage(): string {
  const index = routerTypes.map(
    ({ client, type }) => `- [${client}](#${anchorOf(client)}): \`--type ${type}\``,
  )
  return [introduction, `${index.join('\n')}\n`, ...routerTypes.map(section)].join('\n')
}

function section(type: RouterType): string {
  const facts = [
    ['https', type.https],
    ['IPv6', type.ipv6],
    ['Several hosts', type.severalHosts],
    ['Printed by', `\`dyndns53 router HOST --type ${type.type}\``],
    ['Evidence', evidence[type.evidence]],
  ]
  return `## ${type.client}

Where: ${type.where}

${setupBlock(setUp(type, example))}
${notesFor(type, example)
  .map((note) => `- ${note}\n`)
  .join('')}
${table(['', ''], facts)}`
}

function setupBlock(setup: Setup): string {
  if ('file' in setup) return `\`\`\`\n${setup.file.text}\`\`\`\n`
  const rows = Object.entries(setup.fields).map(([label, value]) => [label, `\`${value}\``])
  return table(['Field', 'Value'], rows)
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
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
