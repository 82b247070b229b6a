import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, literally } from './client.js'
import { token as rightToken } from './household.js'
import { startProgram } from './program.js'

/** ddclient, in the words of 3.x and those of 4.x. */
export const ddclient: Client = {
  name: 'ddclient',
  program: 'ddclient',
  versionArguments: ['-help'],
  version: /^ddclient version v?([\w.-]+)/m,
  words: {
    registered: (hosts, address) => [
      // Without an address of its own it would send none, and take what comes back for it.
      line(`INFO: +.*setting (IP|IPv[46]) address to ${literally(address)}\\b`),
      ...hosts.map((host) =>
        line(
          `SUCCESS: +updating ${among(host)}: good: (IP|IPv[46]) address set to ${literally(address)}`,
          `SUCCESS: +\\[dyndns2\\]\\[${literally(host)}\\]> IPv[46] address set to ${literally(address)}`,
        ),
      ),
    ],
    kept: (host, address) => [
      line(
        `SUCCESS: +${literally(host)}: skipped: (IP|IPv[46]) address was already set to ${literally(address)}`,
        `SUCCESS: \\[${literally(host)}\\]> skipped update because IPv[46] address is already set to ${literally(address)}`,
      ),
    ],
    held: (host) => [
      line(
        `WARNING: +updating ${among(host)}: nochg`,
        `WARNING: +\\[dyndns2\\]\\[${literally(host)}\\]> nochg`,
      ),
    ],
    wrongToken: [/^FAILED: .*(authorization failed|401 Unauthorized)/im],
    // Before 4.0 it fails in silence: only what it received can be seen.
    toldLater: [line('RECEIVE: +HTTP/\\S+ 503 [^]*\nRECEIVE: +911$', 'FAILED: .* 503 Service Unavailable$')],
    success: /^(SUCCESS:|WARNING: .*nochg)/m,
  },
  async install(home) {
    const directory = await home.newDirectory()
    const [config, cache] = [join(directory, 'ddclient.conf'), join(directory, 'ddclient.cache')]
    return {
      async update({ hosts, path = '/nic/update', token = rightToken, address, checkIp = '/check_ip' }) {
        const lines = [
          'protocol=dyndns2',
          'ssl=no',
          address ? givenAddress(address) : `use=web, web=http://${home.authority}${checkIp}`,
          `server=${home.authority}`,
          `script=${path}`,
          `login=${hosts[0]}`,
          `password=${token}`,
          hosts.join(','),
        ]
        await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 })
        await letHoursPass(cache)
        const args = ['-foreground', '-noquiet', '-verbose', '-file', config, '-cache', cache]
        return startProgram('ddclient', args, directory).ended
      },
    }
  },
}

/** One address, or both with a comma between them, which needs 3.11. */
function givenAddress(address: string): string {
  const [v4, v6] = address.split(',')
  return v6 ? `usev4=ipv4, ipv4=${v4}, usev6=ipv6, ipv6=${v6}` : `use=ip, ip=${address}`
}

/** Without them it would not try again within 5 minutes of a failure, nor change anything within 30 seconds of a success. */
async function letHoursPass(cache: string): Promise<void> {
  const text = await readFile(cache, 'utf8').catch(() => '')
  const older = text.replace(/\b([amw]time=)(\d+)/g, (_, name: string, seconds: string) =>
    seconds === '0' ? `${name}0` : `${name}${Number(seconds) - 7200}`,
  )
  await writeFile(cache, older, { mode: 0o600 })
}

/** A list of hosts with this one in it, as 3.11 names them. */
function among(host: string): string {
  return `([^ ,:]+,)*${literally(host)}(,[^ ,:]+)*`
}

function line(...starts: string[]): RegExp {
  return new RegExp(`^(${starts.join('|')})`, 'm')
}
