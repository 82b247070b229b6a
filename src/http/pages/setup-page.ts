import type { Credentials } from '../../hosts/database.js'
import type { BaseUrl } from '../../net/service-url.js'
import type { CertificateType } from '../../setups/certificates/certificate-type.js'
import { certificateTypes, notesForService } from '../../setups/certificates/certificate-types.js'
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

/** What a client is set up for: to update the host, or to get a certificate for it. */
export type Purpose = 'update' | 'certificate'

/** Below these, each type has its page. */
export const setupPaths: Readonly<Record<Purpose, string>> = {
  update: '/host/setup',
  certificate: '/host/setup/certificates',
}

/**
 * All that there is to choose from; `certificates` says whether hosts may have these. `service` is undefined where a router
 * cannot reach the service by the name that the page was opened by.
 */
export function setupIndexPage(site: Site, service: BaseUrl | undefined, certificates: boolean): TextAnswer {
  const updateUrl = service
    ? html`<code>${service.url + service.path}/nic/update</code>`
    : html`<code>/nic/update</code> of this service`
  return frame(site, {
    title: 'Set up your router',
    body: html`<h1>Set up your router or client</h1>
<p class="lead">Choose what you have. The next page has every field, with your host name and token in it.</p>
${choices(site, 'update', routerTypes)}
<p class="quiet">Not in the list? Look for “custom” or “user defined” in its settings. The update URL is ${updateUrl}, the user is
your host name, and the password is your token.</p>
${certificates && certificateChoices(site)}
<p><a href="${linkTo(site, '/host')}">Back to your host</a></p>`,
  })
}

function certificateChoices(site: Site): Html {
  return html`<h2>Get a certificate</h2>
<p>With the same token, these get a certificate of Let’s Encrypt for your host name.</p>
${choices(site, 'certificate', certificateTypes)}`
}

function choices(site: Site, purpose: Purpose, types: readonly (RouterType | CertificateType)[]): Html {
  const items = types.map(
    ({ type, client }) =>
      html`<li><a class="choice" href="${linkTo(site, `${setupPaths[purpose]}/${type}`)}">${client}</a></li>
`,
  )
  return html`<ul class="choices">
${items}</ul>`
}

/** The fields of one type, for the host and the token that were used to sign in; undefined for a type that there is not. */
export function setupPage(
  site: Site,
  service: BaseUrl | undefined,
  purpose: Purpose,
  name: string,
  { hostname, token }: Credentials,
): TextAnswer | undefined {
  const types: readonly (RouterType | CertificateType)[] =
    purpose === 'update' ? routerTypes : certificateTypes
  const type = types.find((candidate) => candidate.type === name)
  if (!type) return undefined
  const values = service && {
    ...whole(service),
    host: hostname,
    domain: hostname.replace(/^\*\./, ''),
    token,
  }
  const words = values ? wordsFor(type, values) : { where: type.where, notes: [] }
  const serviceNotes = service && purpose === 'certificate' ? notesForService(service) : []
  return frame(site, {
    title: type.client,
    body: html`<h1>${type.client}</h1>
<p class="lead">${withCode(words.where)}</p>
${fields(type, service?.path ?? '', values)}
${notes([...serviceNotes, ...words.notes])}
<dl class="facts">
${facts(type)}</dl>
<p class="quiet">The address of this page holds neither your host name nor your token: send it to a friend, and they see theirs.</p>
<p><a href="${linkTo(site, '/host/setup')}">Another router or client</a>, <a href="${linkTo(site, '/host')}">back to your host</a></p>`,
  })
}

function facts(type: RouterType | CertificateType): Html[] {
  const own =
    'calls' in type
      ? { Calls: type.calls, Renewal: type.renewal }
      : { https: type.https, IPv6: type.ipv6, 'Several hosts': type.severalHosts }
  return Object.entries({ ...own, Evidence: evidence[type.evidence] }).map(
    ([label, text]) => html`<div><dt>${label}</dt><dd>${withCode(text)}</dd></div>
`,
  )
}

function fields(type: RouterType | CertificateType, path: string, values: SetupValues | undefined): Html {
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

function notes(texts: readonly string[]): Html | undefined {
  if (texts.length === 0) return undefined
  const items = texts.map(
    (note) => html`<li>${withCode(note)}</li>
`,
  )
  return html`<h2>Good to know</h2>
<ul>
${items}</ul>`
}

/** As many rows as a value needs on a desktop; the style sheet makes it as high as its text where the browser can. */
const charactersInRow = 40

/** All of a value is to be seen, also on a phone, as it may be typed into another device: so it wraps. */
function field(label: string, value: string, id: string): Html {
  const rows = Math.max(1, Math.ceil(value.length / charactersInRow))
  return html`<div class="field">
<label for="${id}">${label}</label>
<textarea id="${id}" class="wrapped" rows="${rows}" readonly spellcheck="false" autocomplete="off">
${value}</textarea>
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
function reachesPath(type: RouterType | CertificateType): boolean {
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
