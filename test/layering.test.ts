import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { breaches, type Sources } from './layering.js'

const root = new URL('../', import.meta.url)

function readSources(): Sources {
  const files = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
  const paths = files.filter((file) => file.endsWith('.ts')).map((file) => file.replaceAll('\\', '/'))
  return new Map(paths.map((path) => [path, readFileSync(new URL(`src/${path}`, root), 'utf8')]))
}

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
const packages = new Set(Object.keys(dependencies))

it('the sources keep the rules of the house', () => {
  const sources = readSources()
  expect([...sources.keys()]).toEqual(expect.arrayContaining(['server.ts', 'cli.ts', 'dns/registrar.ts']))
  expect(breaches(sources, packages)).toEqual([])
})

describe('the check can fail', () => {
  it.each<[string, Record<string, string>, string]>([
    ['express outside http', { 'service.ts': "import express from 'express'" }, 'service.ts imports express'],
    ['a type of express', { 'dns/a.ts': "import type { X } from 'express'" }, 'dns/a.ts imports express'],
    [
      'the SDK in http',
      { 'http/a.ts': "import {\n X\n} from '@aws-sdk/client-s3'" },
      'http/a.ts imports the AWS SDK',
    ],
    [
      'the SDK in hosts',
      { 'hosts/directory.ts': "await import('@aws-sdk/client-s3')" },
      'hosts/directory.ts imports the AWS SDK',
    ],
    [
      'the environment in config',
      { 'config.ts': "const x = process.env['X']" },
      'config.ts reads the environment',
    ],
    [
      'the environment by another name',
      { 'config.ts': 'const { env } = process' },
      'config.ts reads the environment',
    ],
    [
      'the environment by import',
      { 'aws.ts': "import { env } from 'node:process'" },
      'aws.ts reads the environment',
    ],
    [
      'dns to hosts',
      { 'dns/a.ts': "import { x } from '../hosts/b.js'", 'hosts/b.ts': '' },
      'dns/a.ts reaches hosts/b.ts',
    ],
    [
      'hosts to dns',
      { 'hosts/a.ts': "export * from '../dns/b.js'", 'dns/b.ts': '' },
      'hosts/a.ts reaches dns/b.ts',
    ],
    ['dns to http', { 'dns/a.ts': "import '../http/b.js'", 'http/b.ts': '' }, 'dns/a.ts reaches http/b.ts'],
    [
      'dns to hosts by a detour',
      { 'dns/a.ts': "import { x } from '../x.js'", 'x.ts': "import './hosts/b.js'", 'hosts/b.ts': '' },
      'dns/a.ts reaches hosts/b.ts',
    ],
    [
      'the commands to http by a detour',
      { 'cli.ts': "import './commands.js'", 'commands.ts': "import './http/a.js'", 'http/a.ts': '' },
      'cli.ts reaches http/a.ts',
    ],
    [
      'the commands to the registrar',
      { 'commands.ts': "import type { R } from './dns/registrar.js'", 'dns/registrar.ts': '' },
      'commands.ts reaches dns/registrar.ts',
    ],
    [
      'a part to the whole',
      { 'http/a.ts': "import '../service.js'", 'service.ts': '' },
      'http/a.ts reaches service.ts',
    ],
    [
      'tests',
      { 'aws.ts': "import '../test/emulators/faults.js'" },
      'aws.ts imports ../test/emulators/faults.js, not a file of src',
    ],
    [
      'what only developers have',
      { 'aws.ts': "import fc from 'fast-check'" },
      'aws.ts imports fast-check, not a dependency',
    ],
    [
      'a cycle of two',
      { 'dns/a.ts': "import './b.js'", 'dns/b.ts': "import './a.js'" },
      'dns/a.ts is in a cycle',
    ],
    [
      'a cycle of three, through types',
      {
        'a.ts': "import './b.js'",
        'b.ts': "import type { C } from './c.js'",
        'c.ts': "export { A } from './a.js'",
      },
      'b.ts is in a cycle',
    ],
  ])('%s', (_, files, breach) => {
    expect(breaches(new Map(Object.entries(files)), packages)).toContain(breach)
  })

  it('and does not where nothing is wrong', () => {
    const sources = {
      'server.ts': "import './service.js'\nconst { x } = await import('./config.js')\nread(process.env)",
      'service.ts': "import { a } from './http/a.js'\nimport { d } from './dns/registrar.js'",
      'config.ts':
        "/** Reads process.env for others. */ // import 'express'\nimport { isIP } from 'node:net'",
      'http/a.ts': "import express from 'express'\nimport type { B } from '../hosts/b.js'",
      'hosts/b.ts': "import { parse } from 'csv-parse/sync'\nimport type { C } from '../config.js'",
      'hosts/store.ts':
        "import { S3Client } from '@aws-sdk/client-s3'\nimport type { C } from '../uses-dns.js'",
      'uses-dns.ts': "import './dns/registrar.js'",
      'dns/registrar.ts': "import type { C } from '../config.js'\nimport type { Logger } from 'pino'",
    }
    expect(breaches(new Map(Object.entries(sources)), packages)).toEqual([])
  })
})
