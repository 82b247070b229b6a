import { posix } from 'node:path'

/** The source files by their path below src, such as `route53/api.ts`. */
export type Sources = ReadonlyMap<string, string>

/** What the service may load at run time: its dependencies, by name. */
export type Packages = ReadonlySet<string>

/**
 * Every room of the house, a folder of src or a file beside them, and what of other rooms it may import, types included:
 * a room, or one file of it. What is not listed is not allowed, and a room that is not listed is a breach.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  net: [],
  'multimap.ts': [],
  'events.ts': [],
  'logger.ts': [],
  'new-relic.ts': [],
  'nearest-name.ts': [],
  config: ['nearest-name.ts', 'net', 'notices/targets.ts'],
  notices: ['events.ts', 'net'],
  'aws.ts': ['config'],
  'aws-errors.ts': [],
  route53: ['aws-errors.ts', 'events.ts', 'net', 'multimap.ts'],
  history: [],
  store: ['config', 'history'],
  sharing: ['config', 'events.ts', 'store', 'history', 'registrar', 'route53', 'net'],
  registrar: ['events.ts', 'route53', 'net', 'multimap.ts'],
  hosts: ['aws-errors.ts', 'config', 'events.ts', 'net'],
  certificates: ['registrar', 'hosts', 'net'],
  setups: ['net'],
  metrics: ['events.ts'],
  http: ['certificates', 'registrar', 'hosts', 'setups', 'history', 'events.ts', 'net'],
  commands: [
    'setups',
    'hosts',
    'history',
    'store',
    'route53',
    'notices',
    'registrar/record.ts',
    'certificates/challenge-name.ts',
    'aws.ts',
    'aws-errors.ts',
    'config',
    'net',
    'multimap.ts',
  ],
  'listen.ts': ['config'],
  'service.ts': [
    'http',
    'certificates',
    'hosts',
    'history',
    'metrics',
    'registrar',
    'route53',
    'sharing',
    'aws.ts',
    'config',
    'events.ts',
    'listen.ts',
    'net',
    'notices',
  ],
  'server.ts': ['service.ts', 'new-relic.ts', 'config', 'logger.ts'],
  'cli.ts': ['commands'],
}

/** What only some files may import or say. */
const onlyThere: { what: string; found: RegExp; files: RegExp }[] = [
  { what: 'imports express', found: imported('(express|helmet|basic-auth)'), files: /^http\// },
  {
    what: 'imports the AWS SDK',
    found: imported('@(aws-sdk|smithy)/[^"\']*'),
    files: /^(aws|hosts\/store|route53\/[a-z-]+)\.ts$/,
  },
  { what: 'imports pg', found: imported('pg'), files: /^store\// },
  { what: 'imports prom-client', found: imported('prom-client'), files: /^metrics\// },
  {
    what: 'reads the environment',
    found: /\bprocess\s*(\?\.|\.|\[\s*['"`])\s*env\b|\benv\b[^=;]*\}\s*=\s*process\b|['"](node:)?process['"]/,
    files: /^(server|cli)\.ts$/,
  },
]

/** Every breach of the rules of docs/architecture.md, in words; empty when all is well. */
export function breaches(sources: Sources, packages: Packages): string[] {
  const found = strayImports('src', sources, packages)
  for (const [file, source] of sources) {
    const text = withoutComments(source)
    for (const rule of onlyThere) {
      if (rule.found.test(text) && !rule.files.test(file)) found.push(`${file} ${rule.what}`)
    }
    if (!(roomOf(file) in rooms)) found.push(`${file} is in no room`)
    for (const specifier of importsOf(text)) {
      const target = resolve(file, specifier)
      if (sources.has(target) && !mayImport(file, target)) found.push(`${file} imports ${target}`)
    }
    const reached = reach(file, sources)
    if (reached.has(file)) found.push(`${file} is in a cycle`)
    for (const target of reached) {
      if (roomOf(file) === 'commands' && isOfTheServiceAlone(target)) found.push(`${file} reaches ${target}`)
    }
  }
  return found
}

/** Every import that is of no file in `sources`, which are all those of `folder`, of no such package and not of Node. */
export function strayImports(folder: string, sources: Sources, packages: Packages): string[] {
  return [...sources].flatMap(([file, source]) =>
    importsOf(withoutComments(source)).flatMap((specifier) => {
      if (specifier.startsWith('.')) {
        const isThere = sources.has(resolve(file, specifier))
        return isThere ? [] : [`${file} imports ${specifier}, not a file of ${folder}`]
      }
      const isKnown = specifier.startsWith('node:') || packages.has(packageOf(specifier))
      return isKnown ? [] : [`${file} imports ${specifier}, not a dependency`]
    }),
  )
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file
}

function mayImport(file: string, target: string): boolean {
  const room = roomOf(file)
  const allowed = rooms[room] ?? []
  return room === roomOf(target) || allowed.includes(roomOf(target)) || allowed.includes(target)
}

/** What a record is, and what is decided by what is held: for the commands too. */
const records = new Set(['registrar/record.ts', 'registrar/value-edits.ts'])

/** What no command loads, not even by way of a file that it may import. */
function isOfTheServiceAlone(file: string): boolean {
  return roomOf(file) === 'http' || (roomOf(file) === 'registrar' && !records.has(file))
}

/** The files that `file` imports, and those that they import, and so on; itself only if it is in a cycle. */
function reach(file: string, sources: Sources): Set<string> {
  const reached = new Set<string>()
  const open = [file]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const specifier of importsOf(withoutComments(sources.get(next) ?? ''))) {
      const target = resolve(next, specifier)
      if (!specifier.startsWith('.') || reached.has(target)) continue
      reached.add(target)
      open.push(target)
    }
  }
  return reached
}

/** What a file imports, by whichever form: static, of types only, for its effects, dynamic, or passed on. */
function importsOf(text: string): string[] {
  const form = /(?<!['"`])\b(?:from|import|require)\s*\(?\s*['"`]([^'"`]+)['"`]/g
  return [...text.matchAll(form)].map(([, specifier = '']) => specifier)
}

function imported(name: string): RegExp {
  return new RegExp(`(?<!['"\`])\\b(from|import|require)\\s*\\(?\\s*['"\`]${name}['"\`/]`)
}

function resolve(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts')
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function withoutComments(source: string): string {
  return source.replace(/\/\*.*?\*\//gs, ' ').replace(/(^|\s)\/\/.*$/gm, '$1')
}
