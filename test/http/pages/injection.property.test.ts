import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMemoryHistory } from '../../../src/history/memory-history.js'
import { createExplain } from '../../../src/http/pages/explain.js'
import { createSite } from '../../../src/http/pages/frame.js'
import { hostPage } from '../../../src/http/pages/host-page.js'
import { setupPage } from '../../../src/http/pages/setup-page.js'
import { certificateTypes } from '../../../src/setups/certificates/certificate-types.js'
import { routerTypes } from '../../../src/setups/router-types.js'

const markup = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    '</textarea><b>',
    '<!--',
    '`<b>`',
  ),
)
const plain = fc.constant('plain')
const site = createSite({ title: 'dyndns53', baseUrl: undefined })
const service = {
  scheme: 'https',
  authority: 'dyn.example.net',
  url: 'https://dyn.example.net',
  path: '',
} as const

/** The tags of a page with their attributes' names, which are all that markup could add to. */
function skeletonOf(body: string): string[] {
  return [...body.matchAll(/<(\/?[a-z!][^\s>]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/gi)].map(
    ([, tag = '', attributes = '']) => tag + attributes.replace(/="[^"]*"/g, ''),
  )
}

/** What a page looks like for texts of any kind is what it looks like for plain ones. */
function itKeepsItsShape(what: string, render: (texts: readonly string[]) => Promise<string> | string): void {
  it(`${what} keeps its shape, whatever is written into it`, async () => {
    const texts = (text: fc.Arbitrary<string>) => fc.array(text, { minLength: 4, maxLength: 4 })
    const [usual = []] = fc.sample(texts(plain), 1)
    const shape = skeletonOf(await render(usual))
    expect(shape.length).toBeGreaterThan(20)
    await fc.assert(
      fc.asyncProperty(texts(markup), async (hostile) => {
        // A backtick begins code in a note, and nothing of these is one.
        const body = await render(hostile.map((text) => text || 'x'))
        expect(skeletonOf(body)).toEqual(shape)
        expect(body).not.toMatch(/<script>|<img|<b>/)
      }),
    )
  })
}

itKeepsItsShape('the page of a host', async ([host = '', userAgent = '', reason = '', wanted = '']) => {
  const history = createMemoryHistory()
  history.noteCall('h', { from: userAgent, userAgent, path: reason, outcome: 'refused', reason, wanted })
  history.noteCall('h', { from: reason, userAgent, path: '/', outcome: 'good', wanted: `8.8.8.8 ${wanted}` })
  history.noteChange('h', { type: 'A', address: wanted })
  const recordSets = [{ name: host, type: 'A', values: [], foreign: reason }]
  return hostPage(
    site,
    {
      host: host.replaceAll('.', ''),
      caller: { family: 4, text: '9.9.9.9' },
      allowPrivate: false,
      look: { kind: 'held', A: { recordSets }, AAAA: { recordSets: [] } },
      nameServers: { kind: 'silent', reason },
      history: await history.read('h'),
    },
    history.since,
  ).body
})

itKeepsItsShape('the answer to an update', ([host = '', other = '', reason = '']) => {
  const explain = createExplain(site)
  const refused = { kind: 'refused', text: 'dnserr' } as const
  const updates = [host, other].map((name) => ({
    host: name,
    result: refused,
    outcomes: [{ kind: 'refused', cause: 'rejected', reason } as const],
  }))
  return explain.updated({ status: 500, body: 'dnserr' }, updates).body
})

for (const [purpose, { type, client, acceptedTokens }] of [
  ...routerTypes.map((type) => ['update', type] as const),
  ...certificateTypes.map((type) => ['certificate', type] as const),
]) {
  itKeepsItsShape(`the set-up of ${client} (${purpose})`, ([hostname = '', token = '']) => {
    // A token that the client cannot be given has a page of its own.
    const fits = token !== '' && acceptedTokens?.test(token) !== false
    // No host name has a backtick, which begins code in a note.
    const credentials = { hostname: hostname.replaceAll('`', 'x'), token: fits ? token : 'plain' }
    return setupPage(site, service, purpose, type, credentials)?.body ?? ''
  })
}
