import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { allows, type Policy, route53Request, s3Request } from '../commands/iam-evaluator.js'
import { closeProcessWorlds, type ProcessWorld, startProcessWorld } from '../support/processes.js'
import { type ServerProcess, watchServer } from '../support/server-process.js'
import { hasRegistry, npmSettings, unlessRegistry } from './registry.js'
import { copyProject, makeFolder, projectFolder, runLine } from './shell.js'
import { type ProgramCall, type StandIns, startStandIns } from './stand-ins.js'
import { makeStack, type Stack } from './template.js'

const zoneId = 'Z0123456789ABCDEFGHIJ'
const repository = 'https://github.com/GrahamDumpleton/dyndns53'

/** The lines of the code blocks of a page from one heading to another; a line that ends in a backslash goes on. */
function commandsOf(page: string, from: string, to: string): string[] {
  const text = readFileSync(join(projectFolder, page), 'utf8')
  const part = text.slice(text.indexOf(from), text.indexOf(to))
  const blocks = [...part.matchAll(/^```\n((?:(?!```).*\n)*)```$/gm)].map(([, block = '']) => block)
  return blocks.flatMap((block) =>
    block
      .replace(/\\\n */g, '')
      .split('\n')
      .filter(Boolean),
  )
}

const steps = commandsOf('docs/deploy-heroku.md', '## 1. ', '## What the policy')
// For the button: it shows the settings that the line before has set.
const aside = steps.filter((command) => command.includes('| tr '))
const commands = steps.filter((command) => !aside.includes(command))

it('from nothing to a registered name it takes 8 commands or fewer', () => {
  expect(aside.length).toBe(1)
  expect(commands.length).toBeGreaterThan(5)
  expect(commands.length).toBeLessThanOrEqual(8)
})

it('the README has the same commands', () => {
  expect(commandsOf('README.md', '## Set it up', '## Set up your router')).toEqual(commands)
})

/** AWS and Heroku, as far as their command lines are used in the page. */
interface Cloud {
  readonly answer: (call: ProgramCall) => Promise<string>
  readonly world: ProcessWorld
  /** The policy under which AWS lets in; undefined while the owner alone calls. */
  policy: Policy | undefined
  readonly stack: () => Stack | undefined
  readonly config: Record<string, string>
  server: ServerProcess | undefined
}

afterAll(closeProcessWorlds)

it.skipIf(!hasRegistry)(
  `docs/deploy-heroku.md leads to a registered name${unlessRegistry}`,
  { timeout: 300_000 },
  async () => {
    const folder = await makeFolder()
    const cloud = await startCloud(folder)
    const standIns = await startStandIns(folder, ['aws', 'heroku', 'heroku-build'], cloud.answer)
    try {
      const printed = await walk(folder, cloud.world, standIns)
      expect(printed.get('aws route53')).toBe(`/hostedzone/${zoneId}\tmydomain.com.\n`)
      expect(printed.get('curl -w')).toBe('good 127.0.0.1\n')
      expect(cloud.world.held('home.dyndns.mydomain.com')).toEqual(['127.0.0.1'])
      expect(standIns.calls.map(({ program, args }) => [program, ...args.slice(0, 2)].join(' '))).toEqual([
        'aws route53 list-hosted-zones-by-name',
        'aws cloudformation deploy',
        'heroku create',
        'aws cloudformation describe-stacks',
        `heroku config:set ${Object.entries(cloud.config)[0]?.join('=')}`,
        'heroku-build',
        'heroku info --shell',
      ])
    } finally {
      cloud.server?.child.kill('SIGKILL')
      await standIns.close()
    }
  },
)

/** Types the commands into one shell; resolves with what each printed, by its first two words. */
async function walk(folder: string, world: ProcessWorld, { bin }: StandIns): Promise<Map<string, string>> {
  await makeRepository(join(folder, 'origin'))
  await writeFile(
    join(folder, 'gitconfig'),
    `[url "${join(folder, 'origin')}"]\n\tinsteadOf = ${repository}\n`,
  )
  const env = {
    ...world.env,
    ...npmSettings,
    PATH: `${bin}:${process.env['PATH']}`,
    GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'),
  }
  const state = join(folder, 'state')
  await writeFile(state, '')
  const printed = new Map<string, string>()
  let token = ''
  for (const command of commands) {
    const line = command.replace('TOKEN', token)
    const keep = `status=$?; { export -p; echo "cd '$PWD'"; } > '${state}'; exit $status`
    const result = await runLine(`. '${state}'\n${line}\n${keep}`, folder, env)
    expect({ command, ...result }).toMatchObject({ status: 0 })
    printed.set(command.split(' ').slice(0, 2).join(' '), result.stdout)
    token = /^home\.dyndns\.mydomain\.com,(\S+)$/m.exec(result.stdout)?.[1] ?? token
  }
  return printed
}

/** What GitHub would have: this project as it lies here, on its branch main. */
async function makeRepository(folder: string): Promise<void> {
  await mkdir(folder)
  await copyProject(folder)
  const who = '-c user.name=test -c user.email=test@example.com'
  const { status, printed } = await runLine(
    `git init -q -b main && git add -A && git ${who} commit -qm project`,
    folder,
  )
  if (status !== 0) throw new Error(printed)
}

async function startCloud(folder: string): Promise<Cloud> {
  let stack: Stack | undefined
  const isAllowed = (call: Parameters<typeof allows>[1]) => !cloud.policy || allows(cloud.policy, call)
  const world = await startProcessWorld({
    s3: { buckets: [], allow: (call) => isAllowed(s3Request(call)) },
    route53: { allow: (call) => isAllowed(route53Request(call)) },
  })
  world.route53.model.addZone({ name: 'mydomain.com', id: zoneId })
  const cloud: Cloud = {
    world,
    policy: undefined,
    stack: () => stack,
    config: {},
    server: undefined,
    async answer({ program, args, cwd }) {
      switch ([program, ...args.slice(0, 2)].join(' ')) {
        case 'aws route53 list-hosted-zones-by-name': {
          expect(optionsOf(args)).toMatchObject({ '--dns-name': 'mydomain.com' })
          const zones = world.route53.model.zones()
          return zones.map(({ id, name }) => `/hostedzone/${id}\t${name}\n`).join('')
        }
        case 'aws cloudformation deploy':
          stack = deployStack(args, world)
          return 'Successfully created/updated stack - dyndns53\n'
        case 'aws cloudformation describe-stacks': {
          if (!stack) throw new Error('Stack with id dyndns53 does not exist')
          const [, name = ''] = /OutputKey=='(\w+)'/.exec(optionsOf(args)['--query'] ?? '') ?? []
          return `${stack.outputs[name]}\n`
        }
        case 'heroku create':
          return createApp(folder, cwd)
        case 'heroku info --shell':
          return `name=app\nweb_url=http://127.0.0.1:${(await cloud.server?.logged('listening'))?.['port']}/\n`
        case 'heroku-build':
          return buildApp(folder, cloud)
        default:
          if (args[0] !== 'config:set') throw new Error(`${program} ${args.join(' ')} is not known here`)
          for (const setting of args.slice(1)) {
            const [name = '', ...value] = setting.split('=')
            cloud.config[name] = value.join('=')
          }
          return ''
      }
    },
  }
  return cloud
}

/** What stands behind each `--option`. */
function optionsOf(args: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    args.flatMap((arg, index) => (arg.startsWith('--') ? [[arg, args[index + 1] ?? '']] : [])),
  )
}

function deployStack(args: readonly string[], { s3, env }: ProcessWorld): Stack {
  expect(optionsOf(args)).toMatchObject({
    '--template-file': 'deploy/aws.yaml',
    '--capabilities': 'CAPABILITY_IAM',
  })
  const overrides = args.slice(args.indexOf('--parameter-overrides') + 1)
  const parameters = Object.fromEntries(overrides.map((text) => text.split('=')))
  const stack = makeStack(parameters, {
    'AWS::Partition': 'aws',
    'AWS::Region': optionsOf(args)['--region'] ?? '',
    Bucket: parameters['BucketName'],
    User: 'dyndns53-User-1ABC',
    AccessKey: env['AWS_ACCESS_KEY_ID'] ?? '',
    'AccessKey.SecretAccessKey': env['AWS_SECRET_ACCESS_KEY'] ?? '',
  })
  s3.store.set(String(stack.resources['Bucket']?.Properties['BucketName']), {
    versioning: 'Enabled',
    keys: new Map(),
  })
  return stack
}

/** Heroku's git remote: what is pushed to it is built and started. */
async function createApp(folder: string, clone: string): Promise<string> {
  const remote = join(folder, 'heroku.git')
  const hook = `#!/bin/sh\nexec '${join(folder, 'stand-ins/heroku-build')}'\n`
  const line = `git init -q --bare -b main '${remote}' && git -C '${clone}' remote add heroku '${remote}'`
  const { status, printed } = await runLine(line, folder)
  if (status !== 0) throw new Error(printed)
  await writeFile(join(remote, 'hooks/post-receive'), hook, { mode: 0o755 })
  return 'Creating app... done\n'
}

/** As Heroku's buildpack does it, but that the packages are those of this project and not installed again. */
async function buildApp(folder: string, cloud: Cloud): Promise<string> {
  const app = join(folder, 'app')
  const cloned = await runLine(`git clone -q '${join(folder, 'heroku.git')}' app`, folder)
  await symlink(join(projectFolder, 'node_modules'), join(app, 'node_modules'))
  const built = await runLine('npm run build', app, { NODE_ENV: 'production' })
  if (cloned.status !== 0 || built.status !== 0) throw new Error(cloned.printed + built.printed)
  const [, web = ''] = /^web: (.+)$/m.exec(readFileSync(join(app, 'Procfile'), 'utf8')) ?? []
  const [command = '', ...args] = web.split(' ')
  // From here on, AWS lets the service do what its policy says. All settings are those of config:set.
  cloud.policy = cloud.stack()?.policy
  const { AWS_ENDPOINT_URL_S3 = '', AWS_ENDPOINT_URL_ROUTE_53 = '' } = cloud.world.env
  cloud.server = watchServer(
    spawn(command, args, {
      cwd: app,
      env: {
        ...{ PATH: process.env['PATH'], PORT: '0', DYNO: 'web.1', DYNDNS_ALLOW_PRIVATE: 'true' },
        ...{ AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_ROUTE_53 },
        ...cloud.config,
      },
    }),
  )
  await cloud.server.logged('host database loaded')
  return 'Launching... done\n'
}
