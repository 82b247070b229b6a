import { writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli } from '../support/cli-process.js'
import { closeProcessWorlds, secretKey, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

/** A world with a host, and a file `service.env` that says how to get there; `run` has nothing else to go by. */
async function createWorld(more = '') {
  const world = await startProcessWorld({ csv: 'home.example.com,T0KEN-of-home\n', zones: ['example.com'] })
  const { HOME = '', ...settings } = world.env
  const lines = Object.entries(settings).map(([name, value]) => `${name}="${value}"\n`)
  await writeFile(world.file('service.env'), `# of the service\n${lines.join('')}${more}`)
  const run = (args: readonly string[], env = {}) => runCli(args, { HOME, ...env }, world.directory)
  return Object.assign(world, { run, names: Object.keys(settings).sort() })
}

describe.concurrent('--env-file', () => {
  it.each([[['--env-file', 'service.env', 'list-hosts']], [['list-hosts', '--env-file=service.env']]])(
    'tells all that is needed: %j',
    async (args) => {
      const { run } = await createWorld()
      const { status, stdout } = await run(args)
      expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: 'home.example.com\n' })
    },
  )

  it('counts less than the environment, unless that is empty; the doctor says what came from where', async () => {
    const { run, names, dnsServer } = await createWorld('DYNDNS_TTL=61\nDYNDNS_ZONE_IDS=\nELSE=x\n')
    const env = { DYNDNS_TTL: '62', DYNDNS_BUCKET: '', PORT: '8081', ELSE: 'y' }
    const doctor = ['--env-file', 'service.env', 'doctor', '--dns', dnsServer]
    const { status, stdout } = await run(doctor, env)
    const lines = stdout.toString().split('\n')
    expect(lines.filter((line) => / configuration {2}/.test(line))).toEqual([
      'ok       configuration  every variable that the service reads is in order',
      'ok       configuration  DYNDNS_NOTIFY_URL is not set: the service tells nobody what happens',
      `ok       configuration  settings from service.env: ${names.join(', ')}; from the environment: DYNDNS_TTL, PORT`,
      'warning  configuration  DYNDNS_TTL is set otherwise in service.env than in the environment, which counts',
    ])
    expect(status).toBe(0)
    expect(stdout.toString()).not.toContain(secretKey)
  })

  it('says which file is not there', async () => {
    const { run } = await createWorld()
    const missing = await run(['--env-file', 'missing.env', 'list-hosts'])
    // Some versions of Node.js take the option for their own, and say so themselves.
    expect(missing.stderr).toMatch(/^(dyndns53|\S*node): missing\.env.*(ENOENT|not found)/)
    expect(missing.status).not.toBe(0)
  })
})
