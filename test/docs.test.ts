import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('../', import.meta.url)
const isThere = (path: string) => existsSync(new URL(path, root))
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

const docs = readdirSync(new URL('docs/', root))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'emulators/README.md', ...docs]

/** A page with something in the place of its code blocks, where `#` and brackets mean other things. */
function proseOf(markdown: string, inPlaceOfCode = ''): string {
  return markdown.replace(/^( *)(`{3,}).*\n(?:.*\n)*?\1\2 *$/gm, inPlaceOfCode)
}

/** Where the links of a page lead, code left out. */
function linksOf(markdown: string): string[] {
  const text = proseOf(markdown).replace(/`[^`\n]*`/g, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
}

/** The anchors that GitHub gives the headings of a page; of headings alike, the second gets `-1` behind it. */
function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>()
  return [...proseOf(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => {
    const slug = slugOf(heading)
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    return times === 0 ? slug : `${slug}-${times}`
  })
}

/** GitHub's rule: the text alone, in lower case, without punctuation, a hyphen for each space. */
function slugOf(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

/** What is wrong with a link of `page`, undefined for nothing; links to other hosts are not followed. */
function brokenBy(link: string, page: string): string | undefined {
  if (/^[a-z]+:/i.test(link)) return undefined
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : posix.join(posix.dirname(page), path)
  if (!isThere(target)) return `${link}: there is no ${target}`
  if (anchor === undefined || anchorsOf(read(target)).includes(anchor)) return undefined
  return `${link}: ${target} has no such heading`
}

/** The files and folders of this repository that a page names as code. */
function pathsNamedIn(markdown: string): string[] {
  const named = proseOf(markdown).matchAll(
    /`((?:src|test|bench|demo|emulators|scripts|docs|deploy|\.ci)\/[\w./-]*)`/g,
  )
  return [...named].map(([, path = '']) => path)
}

describe.each(pages)('%s', (page) => {
  const markdown = isThere(page) ? read(page) : ''

  it('has only links that lead somewhere', () => {
    expect(markdown).not.toBe('')
    const broken = linksOf(markdown).flatMap((link) => brokenBy(link, page) ?? [])
    expect(broken).toEqual([])
  })

  it('names only files that are there', () => {
    expect(pathsNamedIn(markdown).filter((path) => !isThere(path))).toEqual([])
  })
})

/** The first lines of what a merge has torn: an empty block of code, and a heading with nothing before the next of its rank. */
function tornIn(markdown: string): string[] {
  const emptyBlocks = [...markdown.matchAll(/^( *)```\w*\n\1```$/gm)].map(([block]) => block)
  const emptySections = [...proseOf(markdown, 'code').matchAll(/^(#{1,6}) .+\n+(?=\1 )/gm)].map(([line]) =>
    line.trim(),
  )
  return [...emptyBlocks, ...emptySections]
}

it.each(pages)('%s has no empty section, and no empty block of code', (page) => {
  expect(tornIn(read(page))).toEqual([])
})

it('the check of sections sees what a merge has torn', () => {
  expect(tornIn('# A\n\n## B\n## C\n\ntext\n\n```\n```\n')).toEqual(['```\n```', '## B'])
  expect(tornIn('# A\n\n## B\n\n```\n# C\n# D\n```\n\n## E\n\ntext\n')).toEqual([])
})

describe.each(docs)('%s', (page) => {
  it('begins with who should read it, in one line', () => {
    const [title = '', between, reader = '', after] = read(page).split('\n')
    expect([title, between, after]).toEqual([expect.stringMatching(/^# /), '', ''])
    expect(reader).toMatch(/^For .+[.:]$/)
  })

  it('is linked from another page', () => {
    const targets = pages
      .filter((other) => other !== page && isThere(other))
      .flatMap((other) =>
        linksOf(read(other)).map((link) => posix.join(posix.dirname(other), link.split('#')[0] ?? '')),
      )
    expect(targets).toContain(page)
  })
})

it('the README has fewer than 200 lines', () => {
  expect(read('README.md').split('\n').length - 1).toBeLessThan(200)
})

describe('every variable that the programs read', () => {
  const sources = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
  const text = sources.filter((file) => file.endsWith('.ts')).map((file) => read(`src/${file}`))
  const variables = new Set(text.join('\n').match(/\bDYNDNS_[A-Z0-9_]*[A-Z0-9]\b/g))

  it.each(['.env.example', 'docs/configuration.md'])('is in %s', (page) => {
    expect(variables.size).toBeGreaterThan(10)
    const documented = read(page)
    expect([...variables].filter((name) => !documented.includes(name))).toEqual([])
  })
})

describe('the check of links', () => {
  it.each([
    ['FRITZ!Box', 'fritzbox'],
    ['OpenWrt (ddns-scripts)', 'openwrt-ddns-scripts'],
    ['ddclient 3.9 to 4.x', 'ddclient-39-to-4x'],
    ['What you need, and what it costs', 'what-you-need-and-what-it-costs'],
    ['`npm test` & more_of it', 'npm-test--more_of-it'],
    ['A [link](x.md) in it', 'a-link-in-it'],
  ])('knows the anchor of %s', (heading, anchor) => {
    expect(anchorsOf(`## ${heading}\n`)).toEqual([anchor])
  })

  it('tells headings that are alike apart, and takes none from a block of code', () => {
    expect(anchorsOf('# A\n\n```sh\n# B\n```\n\n## A\n')).toEqual(['a', 'a-1'])
  })

  it.each([
    ['nowhere.md', 'nowhere.md: there is no docs/nowhere.md'],
    ['../README.md#nothing', '../README.md#nothing: README.md has no such heading'],
    ['#nothing', '#nothing: docs/security.md has no such heading'],
    ['#promised', undefined],
    ['../LICENSE', undefined],
    ['https://example.com/nothing', undefined],
  ])('judges %s', (link, problem) => {
    expect(brokenBy(link, 'docs/security.md')).toBe(problem)
  })

  it('sees links in prose, and none in code', () => {
    expect(linksOf('[a](b.md#c), `[d](e)`\n```\n[f](g)\n```\n[h](https://i)\n')).toEqual([
      'b.md#c',
      'https://i',
    ])
  })
})
