import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { routersPage } from '../../scripts/routers-page.js'
import { routerTypes } from '../../src/setups/router-types.js'

it('docs/routers.md is the page that is made from the types', () => {
  const written = readFileSync(new URL('../../docs/routers.md', import.meta.url), 'utf8')
  expect(written, 'run `npm run docs`').toBe(routersPage())
})

it('has every type in its index and as a section', () => {
  const [beginning = '', ...sections] = routersPage().split(/^## /m)
  const listed = [...beginning.matchAll(/^- \[(.+)\]\(#.+\): `--type (.+)`$/gm)]
  expect(listed.map(([, client, type]) => ({ client, type }))).toEqual(
    routerTypes.map(({ client, type }) => ({ client, type })),
  )
  expect(sections.map((section) => section.split('\n')[0])).toEqual(routerTypes.map(({ client }) => client))
})
