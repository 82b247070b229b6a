import type { Credentials } from '../../hosts/database.js'
import type { BaseUrl } from '../../net/service-url.js'
import type { RouterType } from '../../setups/router-type.js'
import { routerTypes } from '../../setups/router-types.js'
import { type SetupValues, setUp, wordsFor } from '../../setups/setup-type.js'
import type { TextAnswer } from '../respond.js'
import { frame, linkTo, type Site } from './frame.js'
import { type Html, html } from './html.js'
import { withCode } from './words.js'

/** How it is known that a set-up is right. */
const evidence: Readonly<Record<RouterType['evidence'], string>> = {
  run: 'This client itself is run in the tests of the service.',
  source: 'Known from its source code.',
  documentation: 'Known from its documentation.',
}

/** All that there is to choose from. */
export function setupIndexPage(site: Site): TextAnswer {
  return frame(site, {
    title: 'Set up your router',
    body: html`<h1>Set up your router or client</h1>
<p class="lead">Choose what you have. The next page has every field, with your host name and token in it.</p>
<ul class="choices">
${routerTypes.map(
  ({
    type,
    client,
  }) => html`<li><a class="choice" href="${linkTo(site, `/host/setup/${type}`)}">${client}</a></li>
`,
)}</ul>
<p class="quiet">Not in the list? Look for “custom” or “user defined” in its settings, and take the update URL
<code>/nic/update</code> of this service, your host name as the user, and your token as the password.</p>
<p><a href="${linkTo(site, '/host')}">Back to your host</a></p>`,
  })
}

/** The fields of one type, for the host and the token that were used to sign in; undefined for a type that there is not. */
export function setupPage(
  site: Site,
  service: BaseUrl | undefined,
  name: string,
  { hostname, token }: Credentials,
): TextAnswer | undefined {
  const type = routerTypes.find((candidate) => candidate.type === name)
  if (!type) return undefined
  const values = service && {
    ...whole(service),
    host: hostname,
    domain: hostname.replace(/^\*\./, ''),
    token,
  }
  const words = values ? wordsFor(type, values) : { where: type.where, notes: [] }
  return frame(site, {
    title: type.client,
    body: html`<h1>${type.client}</h1>
<p class="lead">${withCode(words.where)}</p>
${fields(type, service?.path ?? '', values)}
${words.notes.length > 0 && notes(words.notes)}
<dl class="facts">
<div><dt>https</dt><dd>${withCode(type.https)}</dd></div>
<div><dt>IPv6</dt><dd>${withCode(type.ipv6)}</dd></div>
<div><dt>Several hosts</dt><dd>${withCode(type.severalHosts)}</dd></div>
<div><dt>Evidence</dt><dd>${evidence[type.evidence]}</dd></div>
</dl>
<p class="quiet">The address of this page holds neither your host name nor your token: send it to a friend, and they see theirs.</p>
<p><a href="${linkTo(site, '/host/setup')}">Another router or client</a>, <a href="${linkTo(site, '/host')}">back to your host</a></p>`,
  })
}

function fields(type: RouterType, path: string, values: SetupValues | undefined): Html {
  if (!values) {
    return problem(
      'A router cannot reach this service by the name that you opened it by.',
      'Open this page by its full address, or let the owner set DYNDNS_URL.',
    )
  }
  if (path !== '' && !reachesPath(type)) {
    return problem(
      `${type.client} takes a host name alone, and this service lies below ${path}.`,
      'Choose a client that takes a whole URL.',
    )
  }
  if (type.acceptedTokens?.test(values.token) === false) {
    return problem(
      `Your token cannot be written for ${type.client}.`,
      'Let the owner give you another: dyndns53 rotate-token makes one that can.',
    )
  }
  const setup = setUp(type, values)
  if ('file' in setup) return fileField(setup.file.name, setup.file.text)
  return html`<div class="fields">
${Object.entries(setup.fields).map(([label, value], index) => field(label, value, `field-${index}`))}</div>`
}

function notes(texts: readonly string[]): Html {
  const items = texts.map(
    (note) => html`<li>${withCode(note)}</li>
`,
  )
  return html`<h2>Good to know</h2>
<ul>
${items}</ul>`
}

function field(label: string, value: string, id: string): Html {
  return html`<div class="field">
<label for="${id}">${label}</label>
<input id="${id}" type="text" value="${value}" readonly spellcheck="false" autocomplete="off">
${copyButton(label, id)}
</div>
`
}

function fileField(name: string, text: string): Html {
  const rows = text.split('\n').length
  // The first line end in a textarea is not part of its text.
  return html`<div class="fields"><div class="field file">
<label for="file">${name}</label>
<textarea id="file" rows="${rows}" readonly spellcheck="false" autocomplete="off">
${text}</textarea>
${copyButton(name, 'file')}
</div></div>`
}

/** Shown by the script alone: without it, the field is there to be selected. */
function copyButton(label: string, id: string): Html {
  return html`<button type="button" class="copy" data-copy="${id}" aria-label="Copy ${label}" hidden>Copy</button>`
}

function problem(sentence: string, advice: string): Html {
  return html`<section class="state trouble" aria-label="Problem"><p class="lead">${sentence}</p><p>${advice}</p></section>`
}

/** The service with its path behind the host name, for the templates that put a path of their own behind that. */
function whole(service: BaseUrl): BaseUrl {
  const { authority, url, path } = service
  return { ...service, authority: authority + path, url: url + path }
}

/** Whether everything that the client is told has a path behind the service's host name. */
function reachesPath(type: RouterType): boolean {
  const marker = 'service.invalid'
  const values = {
    scheme: 'https',
    authority: marker,
    url: `https://${marker}`,
    host: 'host.invalid',
    domain: 'host.invalid',
    token: 'token',
  } as const
  const setup = setUp(type, values)
  const text = 'file' in setup ? setup.file.text : Object.values(setup.fields).join('\n')
  return text
    .split(marker)
    .slice(1)
    .every((rest) => rest.startsWith('/'))
}
