import { writeFileSync } from 'node:fs'
import { certificatesPage } from './certificates-page.js'
import { routersPage } from './routers-page.js'

/** Writes the pages of docs/ that are made from the sources; `npm run docs` runs it. */
const pages = { 'routers.md': routersPage(), 'certificates.md': certificatesPage() }
for (const [name, text] of Object.entries(pages)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), text)
}
