import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, type Errand, literally } from './client.js'
import { type Household, token as rightToken } from './household.js'
import { type Program, startProgram } from './program.js'

/** inadyn and its `custom` provider. */
export const inadyn: Client = {
  name: 'inadyn',
  program: 'inadyn',
  versionArguments: ['-v'],
  version: /^v?(\d[\w.~-]+)$/m,
  words: {
    registered: (hosts, address) => hosts.map((host) => updated(host, address)),
    kept: (_, address) => [new RegExp(`No IP# change detected for .*, still at ${literally(address)}$`, 'm')],
    // It says the same of both.
    held: (host, address) => [updated(host, address)],
    wrongToken: [/Fatal error in DDNS server response:/, /Authentication failure/],
    // Until 2.10 it repeats the answer.
    toldLater: [
      /Temporary error in DDNS server response:( .|\n.*\[503 Service Unavailable\] 911$)/m,
      /Will retry again in 600 sec/,
    ],
    success: /Successful alias table update|No IP# change detected/,
  },
  async install(home) {
    const directory = await home.newDirectory()
    return {
      async update(errand) {
        const program = await startInadyn(home, directory, errand, ['--once'])
        // Then it sleeps until the next one, and the run is over.
        program.hears(/Will retry again in \d+ sec/).then(
          () => program.child.kill(),
          () => {},
        )
        return program.ended
      },
    }
  },
}

/** Starts it in the foreground, as a daemon unless `--once` is among the options. */
export async function startInadyn(
  home: Household,
  directory: string,
  { hosts, path = '/nic/update', token = rightToken, address, checkIp = '/check_ip' }: Errand,
  options: readonly string[] = [],
): Promise<Program> {
  await staysAtHome(home, directory, hosts)
  const source = address
    ? `checkip-command = "echo ${address}"`
    : `checkip-server = "${home.authority}"\n  checkip-path = "${checkIp}"\n  checkip-ssl = false`
  const config = `period = 300
verify-address = false
allow-ipv6 = true
custom dyndns53 {
  ssl = false
  username = "${hosts[0]}"
  password = "${token}"
  ${source}
  ddns-server = "${home.authority}"
  ddns-path = "${path === '/nic/update' ? '/nic/update?hostname=%h&myip=%i' : '/register_ip?ip=%i'}"
  hostname = { ${hosts.map((host) => `"${host}"`).join(', ')} }
}
`
  const file = join(directory, 'inadyn.conf')
  await writeFile(file, config, { mode: 0o600 })
  const args = ['-n', '--no-pidfile', '-l', 'info', '--cache-dir', join(directory, 'cache'), '-f', file]
  return startProgram('inadyn', [...options, ...args], directory)
}

/** Without a cache it would look its hosts up in the DNS, and without check_ip ask a public service for its address. */
async function staysAtHome(home: Household, directory: string, hosts: readonly string[]): Promise<void> {
  await mkdir(join(directory, 'cache'), { recursive: true })
  for (const host of hosts) {
    const cache = join(directory, 'cache', `${host}.cache`)
    await writeFile(cache, '192.0.2.255', { flag: 'wx' }).catch(() => 'it is there')
  }
  const { ok } = await fetch(`http://${home.authority}/check_ip`)
  if (!ok) throw new Error('inadyn is not started, as check_ip does not answer')
}

function updated(host: string, address: string): RegExp {
  const text = `Successful alias table update for ${host} => new IP# ${address}`
  return new RegExp(`${literally(text)}$`, 'm')
}
