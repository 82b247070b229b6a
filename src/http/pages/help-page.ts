import type { TextAnswer } from '../respond.js'
import { frame, linkTo, type Site } from './frame.js'
import { type Html, html } from './html.js'

/** The words that machines get, as routers show them in their logs. */
const answers: readonly (readonly [string, string])[] = [
  ['good', 'Your new address is registered.'],
  ['nochg', 'It was registered already.'],
  [
    'badauth',
    'The host name or the token is not right. The user name is the full host name; the password is its token.',
  ],
  ['nohost, notfqdn', 'The host name that is asked for is no full name, or another token opens it.'],
  [
    'dnserr',
    'Something is in the way, such as a record that this service does not own. The page of your host says what.',
  ],
  [
    '911',
    'It is not done yet: Route 53 is busy, or too many logins failed. It is tried on; your router will ask again.',
  ],
]

/** How the service works, for whoever uses it. */
export function helpPage(site: Site): TextAnswer {
  return frame(site, {
    title: 'How it works',
    body: html`<h1>How it works</h1>
<p class="lead">Your router calls this service. The service sees which address the call comes from, and writes it into the domain name system for your host name.</p>
<ol>
<li>The owner of this service gives you a host name and a token.</li>
<li><a href="${linkTo(site, '/host')}">Sign in</a> with them: you see whether the name follows you, and can register your address by hand.</li>
<li><a href="${linkTo(site, '/host/setup')}">Set up your router</a>, so that it does so by itself.</li>
</ol>
<h2>What the answers mean</h2>
<dl class="facts">
${answers.map(
  ([word, meaning]): Html => html`<div><dt><code>${word}</code></dt><dd>${meaning}</dd></div>
`,
)}</dl>
<h2>Good to know</h2>
<ul>
<li>Anybody who has the token can move the name. At the first doubt, let the owner give you a new one.</li>
<li>A call over IPv4 registers an IPv4 address, one over IPv6 an IPv6 address. Neither touches the other.</li>
<li>If your provider shares one IPv4 address among many households, nobody can reach you by it, whatever name it has.</li>
<li>The address of this service for a router is on the set-up pages. Just to see your own address: <a href="${linkTo(site, '/check_ip')}">check_ip</a>.</li>
</ul>
<p><a href="${linkTo(site, '/')}">Back to the first page</a></p>`,
  })
}
