import type { BaseUrl } from '../../net/service-url.js'
import type { TextAnswer } from '../respond.js'
import { type Assets, readAssets } from './assets.js'
import { type Html, html } from './html.js'

/** What every page has around it. */
export interface Site {
  /** What the site calls itself. */
  readonly title: string
  /** Where browsers and routers reach the service; undefined: where the request came to. */
  readonly baseUrl: BaseUrl | undefined
  readonly assets: Assets
}

/** A page's own part. */
export interface Page {
  /** 200, unless it is said otherwise. */
  readonly status?: number
  /** Of the browser's window, before the site's. */
  readonly title: string
  readonly body: Html
  readonly headers?: Readonly<Record<string, string>>
}

/** A site with the assets as they are on the disk. */
export function createSite({ title, baseUrl }: Omit<Site, 'assets'>): Site {
  return { title, baseUrl, assets: readAssets() }
}

/** A link within the site, from a path such as `/host`. */
export function linkTo({ baseUrl }: Site, path: string): string {
  return `${baseUrl?.path ?? ''}${path}`
}

/**
 * Nothing but our own files, no inline script or style. The origin of our own forms must be told: with `no-referrer`,
 * which all other answers have, browsers send `Origin: null`.
 */
const headers = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join(';'),
  'Referrer-Policy': 'same-origin',
}

/** A whole page as an answer. */
export function frame(site: Site, page: Page): TextAnswer {
  const { style, script, icon } = site.assets
  const title = page.title === site.title ? site.title : `${page.title} · ${site.title}`
  const document = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${linkTo(site, icon.path)}" type="image/svg+xml">
<link rel="stylesheet" href="${linkTo(site, style.path)}">
<script src="${linkTo(site, script.path)}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="site"><a class="home" href="${linkTo(site, '/')}">${site.title}</a></header>
<main id="main">
${page.body}
</main>
<footer class="site"><p><a href="${linkTo(site, '/help')}">How it works, and what the answers mean</a></p></footer>
</body>
</html>
`
  return { status: page.status ?? 200, body: document.text, headers: { ...headers, ...page.headers } }
}
