import { type Address, reachOf } from '../../net/ip-address.js'
import type { TextAnswer } from '../respond.js'
import { frame, linkTo, type Site } from './frame.js'
import { html } from './html.js'

const kinds: Readonly<Record<ReturnType<typeof reachOf>, string>> = {
  public: 'It looks public: the internet can reach it.',
  shared: 'Your provider shares it among many households: the internet cannot reach it.',
  private: 'It is private: only your own network can reach it.',
  special: 'It is set aside for special use: the internet cannot reach it.',
}

/** What a stranger sees: what this is, and their own address. Nothing of any host. */
export function homePage(site: Site, caller: Address | undefined): TextAnswer {
  const address = caller
    ? html`<p class="address">${caller.text}</p>
<p>This is an IPv${caller.family} address. ${kinds[reachOf(caller)]}</p>`
    : html`<p class="address">not known</p>
<p>The proxy in front of this service does not pass it on. Tell the owner.</p>`
  return frame(site, {
    title: site.title,
    body: html`<h1>A name that follows your address</h1>
<p class="lead">Your internet provider changes your address now and then. This service keeps a host name pointing at it.</p>
<section class="state plain" aria-labelledby="your-address">
<h2 id="your-address">Your address, as it arrives here</h2>
${address}
</section>
<p><a class="button" href="${linkTo(site, '/host')}">Sign in with your host name and token</a></p>
<p class="quiet">Your browser asks for both: the host name is the user name, and the token is the password.</p>`,
  })
}
