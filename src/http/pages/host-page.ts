import type { CallGroup } from '../../history/history.js'
import type { NameServerAnswer, NameServerAnswers } from '../../net/name-servers.js'
import type { TextAnswer } from '../respond.js'
import { type Assessment, assess, type HostStatus } from './assess.js'
import { frame, linkTo, type Site } from './frame.js'
import { type Html, html } from './html.js'
import { sign, stateBox } from './parts.js'
import { describeCall, timeTag, valuesOf } from './words.js'

/** What a host's owner sees of it. */
export function hostPage(site: Site, status: HostStatus, since: Date): TextAnswer {
  const { host, history } = status
  return frame(site, {
    title: host,
    body: html`${stateBox(assess(status).state, stateContent(site, status, assess(status)))}
<section aria-labelledby="where">
<h2 id="where">Where the name points</h2>
${facts(status)}
</section>
<section aria-labelledby="calls">
<h2 id="calls">Last calls</h2>
${callList(history.calls, status)}
</section>
<section aria-labelledby="changes">
<h2 id="changes">Changes of address</h2>
${changeList(status)}
<p class="quiet">Noted since ${timeTag(since)}.</p>
</section>
<section aria-labelledby="more">
<h2 id="more">More</h2>
<ul class="links">
<li><a href="${linkTo(site, '/host/setup')}">Set up your router or client</a></li>
<li><a href="${linkTo(site, '/host.json')}">This page as JSON</a></li>
</ul>
<p class="quiet">To sign out, close the browser.</p>
</section>`,
  })
}

function stateContent(
  site: Site,
  { host, caller }: HostStatus,
  { state, sentence, advice }: Assessment,
): Html {
  return html`${sign(state)}
<h1>${breakable(host)}</h1>
<p class="lead">${sentence}</p>
${
  caller &&
  html`<p class="label">Your address now</p>
<p class="address">${caller.text}</p>`
}
${advice !== '' && html`<p>${advice}</p>`}
<form class="actions" method="post" action="${linkTo(site, '/host')}">
<button type="submit">Register the address I have now</button>
<a class="again" href="${linkTo(site, '/host')}">Look again</a>
</form>`
}

/** A name that breaks behind its dots, where it must. */
function breakable(host: string): Html {
  const [first = '', ...labels] = host.split('.')
  return html`${first}${labels.map((label) => html`.<wbr>${label}`)}`
}

function facts({ caller, look, nameServers }: HostStatus): Html {
  const held =
    look.kind === 'held'
      ? both(valuesOf(look.A), valuesOf(look.AAAA))
      : html`<dd class="quiet">not known: ${look.reason}</dd>`
  return html`<dl class="facts">
<div><dt>Your address now</dt>${caller ? value(caller.family === 4 ? 'IPv4' : 'IPv6', caller.text) : html`<dd class="quiet">not known</dd>`}</div>
<div><dt>Route 53 holds</dt>${held}</div>
<div><dt>The name servers answer</dt>${answered(nameServers)}</div>
</dl>`
}

function answered(nameServers: NameServerAnswers): Html {
  if (nameServers.kind === 'silent') return html`<dd class="quiet">not known: ${nameServers.reason}</dd>`
  const { answers } = nameServers
  const [first] = answers
  if (!first) return html`<dd class="quiet">nothing</dd>`
  if (answers.every((answer) => isSame(answer, first))) return both(first.A, first.AAAA)
  return html`${answers.map(({ server, A, AAAA }) => html`<dd class="quiet">${server}</dd>${both(A, AAAA)}`)}`
}

function isSame(a: NameServerAnswer, b: NameServerAnswer): boolean {
  return String([a.A, a.AAAA]) === String([b.A, b.AAAA])
}

function both(v4: readonly string[], v6: readonly string[]): Html {
  if (v4.length + v6.length === 0) return html`<dd class="quiet">no address</dd>`
  return html`${v4.map((address) => value('A', address))}${v6.map((address) => value('AAAA', address))}`
}

function value(label: string, text: string): Html {
  return html`<dd><span class="tag">${label}</span> <span class="value">${text}</span></dd>`
}

function callList(calls: readonly CallGroup[], status: HostStatus): Html {
  if (calls.length === 0) return html`<p class="quiet">None yet.</p>`
  return html`<ol class="log">
${calls.map(
  (call) => html`<li class="${call.outcome}">
<p class="when">${timeTag(call.last)}${call.times > 1 && html`, ${call.times} times since ${timeTag(call.first)}`}</p>
<p>${capitalized(describeCall(call, status))}</p>
<p class="quiet">from ${call.from ?? 'an unknown address'} by ${call.userAgent || 'an unnamed client'}, ${call.path}</p>
</li>
`,
)}</ol>`
}

function changeList({ history }: HostStatus): Html {
  if (history.changes.length === 0) return html`<p class="quiet">None yet.</p>`
  return html`<ol class="log">
${history.changes.map(
  ({ at, type, address }) => html`<li>
<p class="when">${timeTag(at)}</p>
<p><span class="tag">${type}</span> <span class="value">${address ?? 'no address any more'}</span></p>
</li>
`,
)}</ol>`
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
