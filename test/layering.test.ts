import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { breaches, type Sources, strayImports } from './layering.js'

const root = new URL('../', import.meta.url)

function readSources(folder = 'src'): Sources {
  const files = readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
  const paths = files.filter((file) => file.endsWith('.ts')).map((file) => file.replaceAll('\\', '/'))
  return new Map(paths.map((path) => [path, readFileSync(new URL(`${folder}/${path}`, root), 'utf8')]))
}

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
const packages = new Set(Object.keys(dependencies))

it('the sources keep the rules of docs/architecture.md', () => {
  const sources = readSources()
  expect([...sources.keys()]).toEqual(
    expect.arrayContaining(['server.ts', 'cli.ts', 'registrar/registrar.ts']),
  )
  expect(breaches(sources, packages)).toEqual([])
})

describe('the emulators', () => {
  const theirs = new Set(['dns-packet', '@aws-sdk/xml-builder'])

  it('import nothing of src, test or any other folder, and two packages', () => {
    const sources = readSources('emulators')
    expect([...sources.keys()]).toEqual(
      expect.arrayContaining([
        'main.ts',
        'emulators.ts',
        'route53/server.ts',
        's3/emulator.ts',
        'dns/server.ts',
      ]),
    )
    expect(strayImports('emulators', sources, theirs)).toEqual([])
  })

  it.each([
    ["import type { Zone } from '../../src/route53/api.js'", 'imports ../../src/route53/api.js'],
    ["await import('../../test/support/world.js')", 'imports ../../test/support/world.js'],
    ["import { Route53Client } from '@aws-sdk/client-route-53'", 'imports @aws-sdk/client-route-53'],
  ])('are found out: %s', (source, breach) => {
    const found = strayImports('emulators', new Map([['s3/emulator.ts', source]]), theirs)
    expect(found).toEqual([expect.stringContaining(breach)])
  })
})

describe('the check can fail', () => {
  it.each<[string, Record<string, string>, string]>([
    ['express outside http', { 'service.ts': "import express from 'express'" }, 'service.ts imports express'],
    ['a type of express', { 'net/a.ts': "import type { X } from 'express'" }, 'net/a.ts imports express'],
    [
      'the SDK in http',
      { 'http/a.ts': "import {\n X\n} from '@aws-sdk/client-s3'" },
      'http/a.ts imports the AWS SDK',
    ],
    [
      'the SDK in hosts',
      { 'hosts/live-database.ts': "await import('@aws-sdk/client-s3')" },
      'hosts/live-database.ts imports the AWS SDK',
    ],
    [
      'the environment in config',
      { 'config/config.ts': "const x = process.env['X']" },
      'config/config.ts reads the environment',
    ],
    [
      'the environment by another name',
      { 'config/config.ts': 'const { env } = process' },
      'config/config.ts reads the environment',
    ],
    [
      'the environment by import',
      { 'aws.ts': "import { env } from 'node:process'" },
      'aws.ts reads the environment',
    ],
    ['a new room', { 'utils/a.ts': '' }, 'utils/a.ts is in no room'],
    ['a new file beside the rooms', { 'helpers.ts': '' }, 'helpers.ts is in no room'],
    [
      'net to anything',
      { 'net/a.ts': "import type { C } from '../config/config.js'", 'config/config.ts': '' },
      'net/a.ts imports config/config.ts',
    ],
    [
      'the names of errors to anything',
      { 'aws-errors.ts': "import type { E } from './hosts/store-error.js'", 'hosts/store-error.ts': '' },
      'aws-errors.ts imports hosts/store-error.ts',
    ],
    [
      'the set-ups to the commands',
      { 'setups/a.ts': "import { x } from '../commands/b.js'", 'commands/b.ts': '' },
      'setups/a.ts imports commands/b.ts',
    ],
    [
      'the history to http',
      { 'history/a.ts': "import type { T } from '../http/b.js'", 'http/b.ts': '' },
      'history/a.ts imports http/b.ts',
    ],
    [
      'a page to the commands',
      { 'http/pages/a.ts': "import { x } from '../../commands/b.js'", 'commands/b.ts': '' },
      'http/pages/a.ts imports commands/b.ts',
    ],
    [
      'route53 to the registrar, by type',
      { 'route53/a.ts': "import type { R } from '../registrar/b.js'", 'registrar/b.ts': '' },
      'route53/a.ts imports registrar/b.ts',
    ],
    [
      'registrar to hosts',
      { 'registrar/a.ts': "import { x } from '../hosts/b.js'", 'hosts/b.ts': '' },
      'registrar/a.ts imports hosts/b.ts',
    ],
    [
      'hosts to route53',
      { 'hosts/a.ts': "export * from '../route53/b.js'", 'route53/b.ts': '' },
      'hosts/a.ts imports route53/b.ts',
    ],
    [
      'registrar to http',
      { 'registrar/a.ts': "import '../http/b.js'", 'http/b.ts': '' },
      'registrar/a.ts imports http/b.ts',
    ],
    [
      'http past the registrar',
      { 'http/a.ts': "import type { Z } from '../route53/b.js'", 'route53/b.ts': '' },
      'http/a.ts imports route53/b.ts',
    ],
    [
      'the commands to http',
      { 'commands/a.ts': "import '../http/a.js'", 'http/a.ts': '' },
      'commands/a.ts imports http/a.ts',
    ],
    [
      'the commands to the registrar, by type',
      {
        'commands/a.ts': "import type { R } from '../registrar/registrar.js'",
        'registrar/registrar.ts': '',
      },
      'commands/a.ts imports registrar/registrar.ts',
    ],
    [
      'the commands to the registrar, by a detour',
      {
        'commands/a.ts': "import type { R } from '../registrar/record.js'",
        'registrar/record.ts': "export * from './registrar.js'",
        'registrar/registrar.ts': '',
      },
      'commands/a.ts reaches registrar/registrar.ts',
    ],
    [
      'a part to the whole',
      { 'http/a.ts': "import '../service.js'", 'service.ts': '' },
      'http/a.ts imports service.ts',
    ],
    [
      'the emulators',
      { 'aws.ts': "import '../emulators/faults.js'" },
      'aws.ts imports ../emulators/faults.js, not a file of src',
    ],
    [
      'what only developers have',
      { 'aws.ts': "import fc from 'fast-check'" },
      'aws.ts imports fast-check, not a dependency',
    ],
    [
      'a cycle of two',
      { 'net/a.ts': "import './b.js'", 'net/b.ts': "import './a.js'" },
      'net/a.ts is in a cycle',
    ],
    [
      'a cycle of three, through types',
      {
        'net/a.ts': "import './b.js'",
        'net/b.ts': "import type { C } from './c.js'",
        'net/c.ts': "export { A } from './a.js'",
      },
      'net/b.ts is in a cycle',
    ],
  ])('%s', (_, files, breach) => {
    expect(breaches(new Map(Object.entries(files)), packages)).toContain(breach)
  })

  it('and does not where nothing is wrong', () => {
    const sources = {
      'server.ts':
        "import './service.js'\nconst { x } = await import('./config/config.js')\nread(process.env)",
      'service.ts': "import { a } from './http/a.js'\nimport { d } from './registrar/registrar.js'",
      'config/config.ts':
        "/** Reads process.env for others. */ // import 'express'\nimport { isIP } from 'node:net'",
      'http/a.ts': "import express from 'express'\nimport type { B } from '../hosts/b.js'",
      'hosts/b.ts': "import type { Logger } from 'pino'\nimport type { C } from '../config/config.js'",
      'hosts/store.ts': "import { S3Client } from '@aws-sdk/client-s3'",
      'commands/x/a.ts': "import type { R } from '../../registrar/record.js'",
      'registrar/record.ts': "import type { S } from '../route53/api.js'",
      'registrar/registrar.ts': "import type { Logger } from 'pino'\nimport './record.js'",
      'route53/api.ts': "import '@aws-sdk/client-route-53'",
    }
    expect(breaches(new Map(Object.entries(sources)), packages)).toEqual([])
  })
})
