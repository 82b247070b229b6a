import { afterAll, expect, it } from 'vitest'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const url = 'https://app.example.net'

it('dyndns53 certificate prints a file on standard output, and what to know on standard error', async () => {
  const world = await startProcessWorld({ csv: 'home.example.com,T0KEN-of-home_9\n' })
  const { status, stdout, stderr } = await world.run(
    ['certificate', 'Home.Example.com', '--type', 'proxmox'],
    { DYNDNS_URL: url },
  )
  expect({ status, stdout: stdout.toString() }).toEqual({
    status: 0,
    stdout: `ACMEPROXY_ENDPOINT=${url}
ACMEPROXY_USERNAME=home.example.com
ACMEPROXY_PASSWORD=T0KEN-of-home_9
`,
  })
  expect(stderr).toMatch(/^Proxmox VE: Datacenter > ACME > .*\n(- .*\n)+$/)
  expect(stderr).not.toContain('T0KEN')
})

it('dyndns53 certificate takes no type that it does not know: exit status 2', async () => {
  const world = await startProcessWorld({ csv: 'home.example.com,T0KEN-of-home_9\n' })
  const { status, stderr } = await world.run(['certificate', 'home.example.com', '--type', 'fritzbox'])
  expect(status).toBe(2)
  expect(stderr).toMatch(/^error: .*Allowed choices are lego, acmesh, certbot/)
})
