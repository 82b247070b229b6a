import { writeFileSync } from 'node:fs'
import { routersPage } from './routers-page.js'

/** Writes the pages of docs/ that are made from the sources; `npm run docs` runs it. */
writeFileSync(new URL('../docs/routers.md', import.meta.url), routersPage())
