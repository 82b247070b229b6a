import type { RouterType } from '../src/setups/router-type.js'
import { routerTypes } from '../src/setups/router-types.js'
import { setupPage } from './setup-page.js'

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
Where the database holds only a hash, \`--token -\` reads the token from standard input, and refuses one that is not the host's.

\`dyndns53 add-host HOST --type fritzbox --url https://APP\` adds a host, and prints all of that as one page on standard output, for
the friend whose router it is.

On this page, \`APP\` is the host name of your service, \`home.dyndns.mydomain.com\` the host and \`TOKEN\` its token. For a service
that speaks plain http, write \`http://\`, and turn off what says SSL.

All of these speak the dyndns2 protocol to \`/nic/update\`, where a client may say which address to register. Several hosts in
one request need the same token; any one of them is the login. A host of a list that has another token goes unnoticed by most
clients: [lists of hosts](http-api.md#lists-of-hosts). "Evidence" says how the setup is known to be right: the client is
run, or its source code or its documentation was read. For a client that is not run here, the tests fill in the fields as that
client does, and send the request that comes of it to the service.

For a client that is not here, look for "custom" or "user defined" in its settings, and take the fields of the
[README](../README.md).
`

/** docs/routers.md as it is to be, in Markdown. */
export function routersPage(): string {
  return setupPage(introduction, routerTypes, (type) => [
    ['https', type.https],
    ['IPv6', type.ipv6],
    ['Several hosts', type.severalHosts],
    ['Printed by', `\`dyndns53 router HOST --type ${type.type}\``],
    ['Evidence', evidence[type.evidence]],
  ])
}
