import type { Answer, Login, World } from '../../support/world.js'
import { callerV4 } from '../nic.js'

/** What a browser adds when a person opens an address. */
export const navigation = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'none',
}

/** Opens an address as a person does, with a login or without. */
export function open(world: World, path: string, login?: Login, from = callerV4): Promise<Answer> {
  return world.register(login, from, { path, headers: navigation })
}

/** What every browser sends, over plain http too. */
export const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** Asks for a page as a browser does over plain http. */
export function get(world: World, path: string, login?: Login, from = callerV4): Promise<Answer> {
  return world.register(login, from, { path, headers: browser })
}

/** What a page says, without its markup. */
export function textOf({ body }: Answer): string {
  const text = body.replace(/<head>.*<\/head>/s, '').replace(/<[^>]*>/g, ' ')
  const plain = text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
  return plain.replaceAll('&amp;', '&').replace(/\s+/g, ' ').trim()
}

/** An AWS key that may read, for the emulated Route 53. */
export function mayNotWrite({ action }: { readonly action: string }): boolean {
  return action !== 'ChangeResourceRecordSets'
}
