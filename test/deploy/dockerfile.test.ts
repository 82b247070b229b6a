import { spawn } from 'node:child_process'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsEnvironment } from '../support/environment.js'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'
import { request } from '../support/request.js'
import { watchServer } from '../support/server-process.js'
import { contextFiles, type Image, playDockerfile, readSteps } from './dockerfile.js'
import { hasRegistry, unlessRegistry } from './registry.js'
import { makeFolder, runLine } from './shell.js'

afterAll(closeProcessWorlds)

describe('what Docker sends to the build', () => {
  it('is what the build needs: no settings, no database, no tests, no history', () => {
    const beside = contextFiles().filter((file) => !file.startsWith('src/'))
    expect(beside.sort()).toEqual([
      '.npmrc',
      'LICENSE',
      'package-lock.json',
      'package.json',
      'scripts/before-build.mjs',
      'tsconfig.json',
    ])
  })
})

describe('the Dockerfile', () => {
  it('takes one base image throughout, and ends as another user than root with node itself', () => {
    const steps = readSteps()
    const bases = steps
      .filter(([instruction]) => instruction === 'FROM')
      .map(([, text]) => text.split(' ')[0])
    expect(new Set(bases)).toEqual(new Set(['node:24-slim']))
    expect(steps.filter(([instruction]) => instruction === 'USER')).toEqual([['USER', '1000:1000']])
    // As a JSON list: no shell stands between the signal and the service.
    expect(steps.at(-1)).toEqual(['CMD', '["node", "dist/server.js"]'])
  })

  it('cannot be played with a step that fails', async () => {
    const steps = [['FROM', 'node:24-slim'] as const, ['RUN', 'false'] as const]
    await expect(playDockerfile(await makeFolder(), steps)).rejects.toThrow('RUN false: exit status 1')
    const copies = [['FROM', 'node:24-slim'] as const, ['COPY', '.env.example .'] as const]
    await expect(playDockerfile(await makeFolder(), copies)).rejects.toThrow('not in the context')
  })
})

describe.skipIf(!hasRegistry)(`the image that its steps make in an empty folder${unlessRegistry}`, () => {
  let image: Image
  let app: string
  let path: string
  beforeAll(async () => {
    const folder = await makeFolder()
    await chmod(folder, 0o755)
    image = await playDockerfile(folder)
    app = join(image.root, image.workdir)
    path = `${join(image.root, 'usr/local/bin')}:${process.env['PATH']}`
  }, 300_000)

  it('holds what runs, and nothing that only builds', async () => {
    expect((await readdir(app)).sort()).toEqual(['LICENSE', 'dist', 'node_modules', 'package.json'])
    const modules = await readdir(join(app, 'node_modules'))
    expect(modules).toEqual(expect.arrayContaining(['express', 'commander', 'newrelic', 'pino']))
    for (const tool of ['typescript', 'vitest', 'tsx', 'yaml', '@biomejs'])
      expect(modules).not.toContain(tool)
  })

  it('has the command on its PATH', async () => {
    const { printed } = await runLine('command -v dyndns53 && dyndns53 --help', app, { PATH: path })
    expect(printed).toMatch(/\/usr\/local\/bin\/dyndns53\nUsage: dyndns53 /)
  })

  it('is well while the service runs, registers, and ends with 0 on SIGTERM, as a user who may write nowhere', async () => {
    const world = await startProcessWorld({ csv: 'home.example.com,T0KEN\n', zones: ['example.com'] })
    const [command = '', ...args] = image.command
    const server = watchServer(
      spawn(command, args, {
        cwd: app,
        env: { PATH: path, ...image.env, ...awsEnvironment(world.s3, world.route53) },
        ...(process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {}),
      }),
    )
    const port = String((await server.logged('listening'))['port'])
    await server.logged('host database loaded')
    const isWell = async () => {
      const [check = '', ...checkArgs] = image.healthcheck
      const child = spawn(check, checkArgs, { env: { PATH: path, PORT: port }, stdio: 'ignore' })
      return new Promise((resolve) => child.on('close', resolve))
    }
    expect(await isWell()).toBe(0)
    const login = { user: 'home.example.com', token: 'T0KEN' }
    expect((await request(`http://127.0.0.1:${port}/register_ip`, login)).body).toBe('good 127.0.0.1')
    expect(world.held('home.example.com')).toEqual(['127.0.0.1'])
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    expect(await isWell()).toBe(1)
  })
})
