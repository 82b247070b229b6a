import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { hosts, request, startWorld, type World } from '../support/world.js'
import { type Exposition, readExposition } from './exposition.js'

const document = readFileSync(new URL('../../docs/monitoring.md', import.meta.url), 'utf8')
const section = document.slice(document.indexOf('\n## Prometheus\n'))
const blocks = [...section.matchAll(/```yaml\n(.+?)```/gs)].map(([, block = '']) => block)
const rules = blocks.find((block) => block.startsWith('groups:')) ?? ''
const scraping = blocks.find((block) => block.startsWith('scrape_configs:')) ?? ''
const token = 'a-token-for-the-metrics'
const hasPromtool = spawnSync('promtool', ['--version']).status === 0

let world: World
let exposition: Exposition

beforeAll(async () => {
  world = await startWorld({ env: { DYNDNS_METRICS_TOKEN: token } })
  await world.register(hosts.home)
  const headers = { authorization: `Bearer ${token}` }
  exposition = readExposition((await request(`${world.url}/metrics`, undefined, undefined, { headers })).body)
})
afterAll(() => world.close())

it('every figure of ours is documented with its labels, and every documented one is there', () => {
  const rows = [...section.matchAll(/^\| (`dyndns53_.+?) \| (.*?) \|/gm)]
  const documented = new Map<string, string[]>()
  for (const [, names = '', labels = ''] of rows)
    for (const [, name = ''] of names.matchAll(/`(\w+)`/g))
      documented.set(name, [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort())
  const ours = [...exposition.types.keys()].filter((name) => name.startsWith('dyndns53_'))
  expect([...documented.keys()].sort()).toEqual(ours.sort())
  for (const [name, labels] of documented) {
    const samples = exposition.samples.filter(
      (sample) => sample.name.replace(/_(bucket|sum|count)$/, '') === name,
    )
    const sent = new Set(
      samples.flatMap((sample) => Object.keys(sample.labels)).filter((label) => label !== 'le'),
    )
    expect([name, [...sent].sort()]).toEqual([name, labels])
  }
})

it('the rules name figures and labels that are there', () => {
  const [group] = (parse(rules) as { groups: { rules: { alert: string; expr: string }[] }[] }).groups
  expect(group?.rules.map(({ alert }) => alert)).toEqual(['DyndnsNotDone', 'DyndnsDatabaseOld'])
  for (const { expr } of group?.rules ?? []) {
    const names = expr.match(/dyndns53_\w+/g) ?? []
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !exposition.types.has(name))).toEqual([])
    for (const [, name, label = ''] of expr.matchAll(/(dyndns53_\w+)\{(\w+)=/g))
      expect(exposition.samples.some((sample) => sample.name === name && label in sample.labels)).toBe(true)
  }
})

it.skipIf(!hasPromtool)(
  `promtool takes them${hasPromtool ? '' : ' (promtool, of Debian’s prometheus, is not installed)'}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'dyndns53-rules-'))
    try {
      writeFileSync(join(folder, 'rules.yml'), rules)
      writeFileSync(join(folder, 'token'), token)
      writeFileSync(
        join(folder, 'prometheus.yml'),
        `rule_files: [rules.yml]\n${scraping.replace('/etc/prometheus/dyndns53-token', join(folder, 'token'))}`,
      )
      const checked = spawnSync('promtool', ['check', 'config', 'prometheus.yml'], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect([checked.status, checked.stderr]).toEqual([0, ''])
      expect(checked.stdout).toContain('2 rules found')
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
