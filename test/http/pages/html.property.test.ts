import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html } from '../../../src/http/pages/html.js'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('<b>', '"x" onload=', "'", '&amp;', '</title>', '{{x}}'),
)

/** Reads back what a browser would make of escaped text. */
function unescaped(escaped: string): string {
  const characters: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&amp;': '&',
  }
  return escaped.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => characters[entity] ?? '')
}

describe('html', () => {
  it('lets no value out of its place', () => {
    fc.assert(
      fc.property(text, (value) => {
        const inText = html`<p>${value}</p>`.text
        expect(inText).toMatch(/^<p>[^<>"']*<\/p>$/)
        expect(unescaped(inText.slice(3, -4))).toBe(value)
        expect(html`<p title="${value}">`.text).toMatch(/^<p title="[^<>"']*">$/)
      }),
    )
  })

  it('joins lists, keeps what is HTML, and leaves out what is not there', () => {
    fc.assert(
      fc.property(fc.array(text), (values) => {
        const items = values.map((value) => html`<li>${value}</li>`)
        expect(html`<ul>${items}</ul>`.text).toBe(`<ul>${items.map((item) => item.text).join('')}</ul>`)
      }),
    )
    expect(html`${undefined}${false}${0}${''}${[1, ['<', html`<br>`]]}`.text).toBe('01&lt;<br>')
  })
})
