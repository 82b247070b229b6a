import { posix } from 'node:path'

/** The source files by their path below src, such as `dns/zones.ts`. */
export type Sources = ReadonlyMap<string, string>

/** What the service may load at run time: its dependencies, by name. */
export type Packages = ReadonlySet<string>

/** What only some files may import or say. */
const onlyThere: { what: string; found: RegExp; files: RegExp }[] = [
  { what: 'imports express', found: imported('express'), files: /^http\// },
  {
    what: 'imports the AWS SDK',
    found: imported('@(aws-sdk|smithy)/[^"\']*'),
    files: /^(aws|hosts\/store(-[a-z]+)?|dns\/route53)\.ts$/,
  },
  {
    what: 'reads the environment',
    found: /\bprocess\s*(\?\.|\.|\[\s*['"`])\s*env\b|\benv\b[^=;]*\}\s*=\s*process\b|['"](node:)?process['"]/,
    files: /^(server|cli)\.ts$/,
  },
]

/** What files may not import, and not load by way of others either; of others' types they may know. */
const neverReached: { from: RegExp; to: RegExp }[] = [
  { from: /^hosts\//, to: /^(dns|http)\// },
  { from: /^dns\//, to: /^(hosts|http)\// },
  { from: /^(cli|commands)\.ts$/, to: /^(http\/|dns\/registrar\.ts$)/ },
  { from: /\//, to: /^(server|service|cli|commands)\.ts$/ },
]

/** Every breach of the rules of design.md, in words; empty when all is well. */
export function breaches(sources: Sources, packages: Packages): string[] {
  const found: string[] = []
  for (const [file, source] of sources) {
    const text = withoutComments(source)
    for (const rule of onlyThere) {
      if (rule.found.test(text) && !rule.files.test(file)) found.push(`${file} ${rule.what}`)
    }
    for (const specifier of allImports(text)) {
      if (specifier.startsWith('.')) {
        if (!sources.has(resolve(file, specifier)))
          found.push(`${file} imports ${specifier}, not a file of src`)
      } else if (!specifier.startsWith('node:') && !packages.has(packageOf(specifier))) {
        found.push(`${file} imports ${specifier}, not a dependency`)
      }
    }
    if (reach(file, sources, allImports).has(file)) found.push(`${file} is in a cycle`)
    const direct = allImports(text).map((specifier) => resolve(file, specifier))
    for (const reached of new Set([...direct, ...reach(file, sources, loadedImports)])) {
      const rule = neverReached.find(({ from, to }) => from.test(file) && to.test(reached))
      if (rule) found.push(`${file} reaches ${reached}`)
    }
  }
  return found
}

/** The files that `file` imports, and those that they import, and so on; itself only if it is in a cycle. */
function reach(file: string, sources: Sources, importsOf: (text: string) => string[]): Set<string> {
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
function allImports(text: string): string[] {
  const form = /\b(?:from|import|require)\s*\(?\s*['"`]([^'"`]+)['"`]/g
  return [...text.matchAll(form)].map(([, specifier = '']) => specifier)
}

/** What a file imports at run time. */
function loadedImports(text: string): string[] {
  return allImports(text.replace(/\b(import|export)\s+type\b[^'"`=]*\bfrom\s*['"`][^'"`]*['"`]/g, ''))
}

function imported(name: string): RegExp {
  return new RegExp(`\\b(from|import|require)\\s*\\(?\\s*['"\`]${name}['"\`/]`)
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
