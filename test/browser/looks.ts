import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The widths of a small phone, a tablet and a desktop, by day and by night. */
export const looks = [320, 768, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ viewport: { width, height: 900 }, colorScheme })),
)

/** Checks that nothing has to be scrolled sideways (WCAG 2.2, 1.4.10). */
export async function expectFits(page: Page): Promise<void> {
  const width = page.viewportSize()?.width
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
}

/** Checks by axe that a page is accessible: WCAG 2.2 A and AA, and its best practices. */
export async function expectAccessible(page: Page): Promise<void> {
  // Through the debugger: a script tag would be against the policy of the page.
  await page.evaluate(axe)
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const found = await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(rules)} }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join()))`,
  )
  expect(found).toEqual([])
}
