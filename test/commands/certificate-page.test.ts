import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { certificatesPage } from '../../scripts/certificates-page.js'
import { certificateTypes } from '../../src/setups/certificates/certificate-types.js'

it('docs/certificates.md is the page that is made from the types', () => {
  const written = readFileSync(new URL('../../docs/certificates.md', import.meta.url), 'utf8')
  expect(written, 'run `npm run docs`').toBe(certificatesPage())
})

it('has every type in its index and as a section, and the traps before them', () => {
  const [beginning = '', ...sections] = certificatesPage().split(/^## /m)
  const titles = sections.map((section) => section.split('\n')[0])
  expect(beginning).toMatch(/^# Certificates\n\nFor /)
  expect(titles).toEqual([
    'Two traps',
    'A name elsewhere',
    'Clients',
    ...certificateTypes.map(({ client }) => client),
  ])
  const listed = [...(sections[2] ?? '').matchAll(/^- \[(.+)\]\(#.+\): `--type (.+)`$/gm)]
  expect(listed.map(([, client, type]) => ({ client, type }))).toEqual(
    certificateTypes.map(({ client, type }) => ({ client, type })),
  )
})
