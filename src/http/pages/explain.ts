import type { LoginRefusal } from '../authenticate.js'
import type { Explain, HostUpdate } from '../navigation.js'
import type { TextAnswer } from '../respond.js'
import type { State } from './assess.js'
import { frame, linkTo, type Site } from './frame.js'
import { type Html, html } from './html.js'
import { sign, stateBox } from './parts.js'
import { timeTag } from './words.js'

/** What a page tells of an answer. */
interface Told {
  readonly state: State
  readonly headline: string
  readonly sentence: string | Html
  readonly advice: string | Html
}

/** Pages in place of bare words. They name a host only where its token was right, or where it was just typed. */
export function createExplain(site: Site): Explain {
  const say = (answer: TextAnswer, told: Told) => sayAs(site, answer, told)
  return {
    refused: (refusal) => say(refusal.answer, tellRefusal(refusal)),
    updated: (answer, updates) => {
      const [first, ...more] = updates.map(tellUpdate)
      if (first && more.length === 0) return say(answer, first)
      return sayAll(site, answer, updates)
    },
    status: (answer) => say(answer, tellStatus(site, answer.status)),
  }
}

/** The same status and headers, with a page for a body. */
function sayAs(site: Site, { status, headers = {}, reason }: TextAnswer, told: Told): TextAnswer {
  const { state, headline, sentence, advice } = told
  const body = stateBox(
    state,
    html`${sign(state, headline)}
<h1 class="lead">${sentence}</h1>
<p>${advice}</p>
${actions(site, status)}`,
  )
  return { ...frame(site, { status, headers, title: headline, body }), reason }
}

function actions(site: Site, status: number): Html {
  const again = status === 503 && html`<a class="again" href="">Try again</a>`
  const next = status === 401 ? 'Sign in' : 'Look at your host'
  return html`<p class="actions"><a class="button" href="${linkTo(site, '/host')}">${next}</a> ${again}</p>`
}

function sayAll(
  site: Site,
  { status, headers = {} }: TextAnswer,
  updates: readonly HostUpdate[],
): TextAnswer {
  const items = updates.map((update) => {
    const { state, headline, sentence, advice } = tellUpdate(update)
    return html`<li class="state ${state}">${sign(state, headline)}
<p><strong>${update.host}</strong></p>
<p>${sentence} ${advice}</p></li>
`
  })
  const isWhole =
    status === 503 ? html`<p>Since one of them is not done, all are to be asked for again.</p>` : undefined
  return frame(site, {
    status,
    headers,
    title: 'Your hosts',
    body: html`<h1>Your hosts</h1>
${isWhole}
<ul class="states">
${items}</ul>
${actions(site, status)}`,
  })
}

function tellUpdate({ host, result, outcomes }: HostUpdate): Told {
  switch (result.kind) {
    case 'accepted': {
      const addresses = outcomes.flatMap((outcome) => ('address' in outcome ? (outcome.address ?? []) : []))
      const what = addresses.length > 0 ? addresses.join(' and ') : 'no address'
      const isNew = outcomes.some(({ kind }) => kind === 'good')
      return isNew
        ? done(`${host} leads to ${what} now.`, 'The whole internet knows within a minute or so.')
        : done(`${host} leads to ${what} already.`, 'Nothing had to be written.')
    }
    case 'refused': {
      const reasons = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.reason] : []))
      const sentence = `${host} cannot be registered: ${reasons.join('; ')}.`
      return { state: 'trouble', headline: 'Trouble', sentence, advice: 'Tell the owner of this service.' }
    }
    case 'unavailable':
      return {
        state: 'waiting',
        headline: 'Not yet',
        sentence: `Route 53 did not take the address of ${host} in time: it is still being tried.`,
        advice: 'Look again in a minute. If it is not done by then, tell the owner of this service.',
      }
    case 'not-yours':
      return {
        state: 'trouble',
        headline: 'Not yours',
        sentence: `${host} is no full host name, or not one that your token opens.`,
        advice: 'Check how it is spelled in the address, behind hostname=.',
      }
  }
}

function done(sentence: string, advice: string): Told {
  return { state: 'follows', headline: 'Done', sentence, advice }
}

function tellRefusal({ refusal, secondsLeft }: LoginRefusal): Told {
  switch (refusal) {
    case 'no credentials':
      return {
        state: 'waiting',
        headline: 'Not signed in',
        sentence: 'To go on, sign in with your host name and token.',
        advice:
          'Load this page again: your browser asks for both. The host name is the user name, and the token is the password.',
      }
    case 'failed':
      return {
        state: 'trouble',
        headline: 'Not signed in',
        sentence: 'The host name or the token is not right.',
        advice:
          'The user name is the full host name, and the password is its token. If you lost it, the owner of this service can give you a new one.',
      }
    case 'locked out':
      return {
        state: 'trouble',
        headline: 'Locked out',
        sentence: html`From your address, too many logins were wrong. Nobody can sign in from there until ${timeTag(new Date(Date.now() + secondsLeft * 1000))}.`,
        advice:
          'Maybe a router in your home still has an old token. Correct it there: it would lock you out again.',
      }
    case 'not ready':
      return {
        state: 'waiting',
        headline: 'Not yet',
        sentence: 'The service has just started, and has not read its hosts yet.',
        advice: 'Try again in a few seconds.',
      }
  }
}

function tellStatus(site: Site, status: number): Told {
  const home = html`<a href="${linkTo(site, '/')}">The first page</a> says what is here.`
  switch (status) {
    case 403:
      return {
        state: 'trouble',
        headline: 'Nothing was changed',
        sentence: 'Another web site sent your browser here.',
        advice: 'To register, open this address yourself, or press the button on the page of your host.',
      }
    case 404:
      return { state: 'trouble', headline: 'Not found', sentence: 'There is no such page.', advice: home }
    case 500:
      return {
        state: 'trouble',
        headline: 'Trouble',
        sentence: 'Something in this service is broken.',
        advice: 'Tell its owner: the log has it.',
      }
    default:
      return {
        state: 'trouble',
        headline: 'Not understood',
        sentence: 'The service does not understand this request.',
        advice: home,
      }
  }
}
