import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

interface Package {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
}

const manifest: Package & { scripts: Record<string, string>; allowScripts: Record<string, boolean> } =
  JSON.parse(read('package.json'))
const lock: { lockfileVersion: number; packages: Record<string, Package> } = JSON.parse(
  read('package-lock.json'),
)
const { '': root, ...packages } = lock.packages
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
const everyDependency = { ...manifest.dependencies, ...manifest.devDependencies }

describe('the lockfile', () => {
  it('is that of package.json', () => {
    expect(lock.lockfileVersion).toBe(3)
    expect(root?.dependencies).toEqual(manifest.dependencies)
    expect(root?.devDependencies).toEqual(manifest.devDependencies)
  })

  it.each(Object.keys(everyDependency))('has an entry for %s', (name) => {
    expect(packages[`node_modules/${name}`]?.version).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('says of each package what it must be, and leaves the place to the registry that is set', () => {
    for (const [path, { resolved, integrity, link }] of Object.entries(packages)) {
      expect([path, link, resolved]).toEqual([path, undefined, undefined])
      expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-/)])
    }
  })

  it('stays so when a contributor installs something', () => {
    expect(read('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m)
  })

  it('is the only one', () => {
    for (const other of ['yarn.lock', 'pnpm-lock.yaml', 'npm-shrinkwrap.json', 'bun.lockb']) {
      expect(() => read(other)).toThrow('ENOENT')
    }
  })
})

describe('install scripts', () => {
  it('of others are denied, each by name', () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)
    const names = new Set(scripted.map(([path]) => nameOf(path)))
    expect(names.size).toBeGreaterThan(0)
    expect(Object.keys(manifest.allowScripts)).toEqual(expect.arrayContaining([...names]))
    expect(new Set(Object.values(manifest.allowScripts))).toEqual(new Set([false]))
  })

  it('of ours there are none', () => {
    const hooks = /^(pre|post)?(install|prepare|prepublish|uninstall|dependencies)$|^(pre|post)pack$/
    expect(Object.keys(manifest.scripts).filter((name) => hooks.test(name))).toEqual([])
    expect(() => read('binding.gyp')).toThrow('ENOENT')
  })
})

describe('CONTRIBUTING says why', () => {
  const [, section = ''] =
    /^Why each dependency is there:\n\n((?:.+\n)+)/m.exec(read('CONTRIBUTING.md')) ?? []

  it.each(Object.keys(everyDependency))('%s is there', (name) => {
    const quoted = name.startsWith('@types/') ? '`@types/*`' : `\`${name}\``
    expect(section).toContain(quoted)
  })
})
