import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * The folders and the file that want a process of their own: a module is mocked there, or cleans up by a hook of its own, or
 * they are large. The others share theirs: a worker loads the service, the SDKs and the emulators once, and not for every file.
 * Vitest begins with those of the folders, which are the slowest.
 */
const folders = ['browser', 'chaos', 'clients', 'deploy', 'fuzz', 'sharing']
const apart = [`test/{${folders.join(',')}}/**/*.test.ts`, 'test/hostile/output.test.ts']
// No `exclude`: one that is set here would take the place of the command line's.
const shared = [
  'test/*.test.ts',
  'test/hostile/!(output).test.ts',
  `test/!(hostile|${folders.join('|')})/**/*.test.ts`,
]

export default defineConfig({
  test: {
    // Most tests wait for processes and sockets: more of them than cores keep the cores at work.
    maxWorkers: 2 * availableParallelism(),
    // For a test that hangs, on a machine that is busy with other things too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
    projects: [
      { extends: true, test: { name: 'apart', include: apart } },
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
    ],
  },
})
