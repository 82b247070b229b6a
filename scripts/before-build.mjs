import { rmSync } from 'node:fs'

// Before `tsc`: ends with a sentence where the compiler is missing, and leaves the last build alone then.
try {
  import.meta.resolve('typescript/package.json')
} catch {
  console.error(
    'The TypeScript compiler is not installed, so nothing is built. npm leaves it out where NODE_ENV is "production"\n' +
      'or --omit=dev is set. To build: npm ci --include=dev && npm run build. What only developers need can go after\n' +
      'that: npm prune --omit=dev',
  )
  process.exit(1)
}
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })
