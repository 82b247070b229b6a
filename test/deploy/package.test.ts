import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsEnvironment } from '../support/environment.js'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'
import { request } from '../support/request.js'
import { watchServer } from '../support/server-process.js'
import { hasRegistry, npmSettings, unlessRegistry } from './registry.js'
import { makeFolder, projectFolder, runLine } from './shell.js'

afterAll(closeProcessWorlds)

const { version, dependencies } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'))

/** Packs the project into `folder`; resolves with the tarball's name and what is in it. */
async function pack(folder: string): Promise<{ filename: string; files: string[] }> {
  const { status, stdout, printed } = await runLine(
    `npm pack --json --pack-destination '${folder}'`,
    projectFolder,
    { ...npmSettings, HOME: folder },
  )
  if (status !== 0) throw new Error(printed)
  const [packed] = Object.values(JSON.parse(stdout)) as { filename: string; files: { path: string }[] }[]
  if (!packed) throw new Error(`npm pack made nothing: ${printed}`)
  return { filename: packed.filename, files: packed.files.map(({ path }) => path).sort() }
}

it('the package holds what is built, README and licence, and nothing else', {
  timeout: 120_000,
}, async () => {
  const { files } = await pack(await makeFolder())
  const built = readdirSync(join(projectFolder, 'dist'), { recursive: true, encoding: 'utf8' })
  const expected = built.filter((file) => extname(file) !== '').map((file) => `dist/${file}`)
  expect(files).toEqual([...expected, 'LICENSE', 'README.md', 'package.json'].sort())
})

describe.skipIf(!hasRegistry)(
  `the package, installed into an empty folder${unlessRegistry}`,
  { timeout: 120_000 },
  () => {
    let folder: string
    beforeAll(async () => {
      folder = await makeFolder()
      const { filename } = await pack(folder)
      const install = `npm install --omit=dev --ignore-scripts ./${filename}`
      const { status, printed } = await runLine(install, folder, npmSettings)
      if (status !== 0) throw new Error(printed)
      await rm(join(folder, filename))
    }, 300_000)
    const dyndns53 = (args: string, env: Readonly<Record<string, string>> = {}) =>
      runLine(`npx --no-install dyndns53 ${args}`, folder, { ...npmSettings, ...env, HOME: folder })

    it('brings production dependencies only', () => {
      const modules = readdirSync(join(folder, 'node_modules'))
      expect(modules).toEqual(expect.arrayContaining(['dyndns53', 'express', 'commander']))
      expect(Object.keys(dependencies).length).toBeGreaterThan(5)
      for (const tool of ['typescript', 'vitest', 'tsx', 'yaml', '@biomejs'])
        expect(modules).not.toContain(tool)
    })

    it('says its version and its commands', async () => {
      expect(await dyndns53('--version')).toMatchObject({ status: 0, printed: `${version}\n` })
      const help = await dyndns53('--help')
      expect(help).toMatchObject({ status: 0, printed: expect.stringMatching(/^Usage: dyndns53 /) })
      for (const name of ['add-host', 'upload-database', 'router', 'iam-policy', 'doctor']) {
        expect(help.printed).toContain(name)
      }
    })

    it('adds a host, prints a policy, and serves', async () => {
      const world = await startProcessWorld({ zones: ['example.com'] })
      const added = await dyndns53('add-host home.example.com', world.env)
      expect(added.stdout).toMatch(/^home\.example\.com,[\w-]+\n$/)
      expect((await dyndns53('iam-policy --below example.com', world.env)).stdout).toContain(
        '"*.example.com"',
      )
      const server = watchServer(
        spawn(process.execPath, ['node_modules/dyndns53/dist/server.js'], {
          cwd: folder,
          env: { PATH: process.env['PATH'], ...awsEnvironment(world.s3, world.route53) },
        }),
      )
      const { port } = await server.logged('listening')
      await server.logged('host database loaded')
      const [user = '', token = ''] = added.stdout.trim().split(',')
      const answer = await request(`http://127.0.0.1:${port}/register_ip`, { user, token })
      expect(answer.body).toBe('good 127.0.0.1')
      server.child.kill('SIGTERM')
      expect(await server.exited).toBe(0)
    })
  },
)
