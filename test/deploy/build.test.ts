import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { copyProject, makeFolder, projectFiles, projectFolder, runLine } from './shell.js'

const needed = /^(src\/|scripts\/|package\.json$|tsconfig\.json$)/

async function makeClone(): Promise<string> {
  const folder = await makeFolder()
  await copyProject(
    folder,
    projectFiles().filter((file) => needed.test(file)),
  )
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'dist/server.js'), 'the last build')
  return folder
}

it('a build without the compiler says what is missing and what to do, and leaves the last build', {
  timeout: 120_000,
}, async () => {
  const folder = await makeClone()
  const { status, printed } = await runLine('npm run build', folder, { NODE_ENV: 'production' })
  expect(status).toBe(1)
  expect(printed).toContain('The TypeScript compiler is not installed')
  expect(printed).toContain('npm ci --include=dev && npm run build')
  expect(printed).not.toContain('not found')
  expect(await readdir(join(folder, 'dist'))).toEqual(['server.js'])
})

it('a build in production mode works where the compiler is, and replaces the last one', {
  timeout: 120_000,
}, async () => {
  const folder = await makeClone()
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'dist/stale.js'), '')
  const { status, printed } = await runLine('npm run build', folder, { NODE_ENV: 'production' })
  expect({ status, printed }).toMatchObject({ status: 0 })
  const built = await readdir(join(folder, 'dist'))
  expect(built).toEqual(expect.arrayContaining(['cli.js', 'server.js']))
  expect(built).not.toContain('stale.js')
})
