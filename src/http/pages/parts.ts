import type { State } from './assess.js'
import { type Html, html } from './html.js'

const headlines: Readonly<Record<State, string>> = {
  follows: 'Follows you',
  waiting: 'Not yet',
  trouble: 'Trouble',
}

/** A tick, three dots and an exclamation mark: the state shows without its colour, too. */
const shapes: Readonly<Record<State, Html>> = {
  follows: html`<path d="M6.5 12.5l3.5 3.5 7.5-8"/>`,
  waiting: html`<path d="M7 12h.01M12 12h.01M17 12h.01"/>`,
  trouble: html`<path d="M12 6.5v6.5M12 17h.01"/>`,
}

/** The sign of a state: a shape in a colour, and a word or two. */
export function sign(state: State, headline: string = headlines[state]): Html {
  return html`<p class="sign"><svg viewBox="0 0 24 24" aria-hidden="true">${shapes[state]}</svg>${headline}</p>`
}

/** A box with the one thing that a page says. */
export function stateBox(state: State, content: Html): Html {
  return html`<section class="state ${state}" aria-label="State">
${content}
</section>`
}
