import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { routerTable } from '../../src/commands/router/table.js'
import { runCli } from '../support/cli-process.js'

it("the README's table is the one that is made from the data", () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, table] = /<!-- routers:begin -->\n\n(.*)\n<!-- routers:end -->/s.exec(readme) ?? []
  expect(table, 'put there what `npx dyndns53 router --table` prints').toBe(routerTable())
})

it('the command prints it, and needs no environment for that', async () => {
  const result = await runCli(['router', '--table'], {})
  expect({ ...result, stdout: result.stdout.toString() }).toEqual({
    status: 0,
    stdout: routerTable(),
    stderr: '',
  })
})
