import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A file that the pages load, under a name that changes with its bytes: it may be kept for ever. */
export interface Asset {
  /** From the root of the service, such as `/assets/style.0123456789.css`. */
  readonly path: string
  readonly type: string
  readonly bytes: Buffer
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** The files of the folder `assets` beside this one. */
export interface Assets {
  readonly style: Asset
  readonly script: Asset
  readonly icon: Asset
}

/** Reads them; throws where they are missing. */
export function readAssets(): Assets {
  return {
    style: readAsset('style', 'css'),
    script: readAsset('script', 'js'),
    icon: readAsset('icon', 'svg'),
  }
}

function readAsset(name: string, extension: string): Asset {
  const bytes = readFileSync(new URL(`./assets/${name}.${extension}`, import.meta.url))
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10)
  return { path: `/assets/${name}.${hash}.${extension}`, type: types[extension] ?? '', bytes }
}
