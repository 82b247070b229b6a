import { type Client, literally, type Words } from './client.js'
import { token as rightToken } from './household.js'
import { startProgram } from './program.js'

/** Where and as whom a program is to fetch. */
interface Target {
  readonly url: string
  readonly user: string
  readonly token: string
}

/** curl as in a crontab. */
export const curl = fetcher({
  name: 'curl',
  program: 'curl',
  versionArguments: ['-q', '--version'],
  version: /^curl ([\d.]+)/,
  refusals: {
    wrongToken: [/^badauth$/m, /^curl: \(22\) The requested URL returned error: 401/m],
    toldLater: [/^911$/m, /^curl: \(22\) The requested URL returned error: 503/m],
  },
  args: ({ url, user, token }) => ['-q', '-sS', '--fail-with-body', '-u', `${user}:${token}`, url],
})

/** GNU wget, which shows its credentials only after a 401. */
export const wget = fetcher({
  name: 'GNU wget',
  program: 'wget',
  versionArguments: ['--no-config', '--version'],
  version: /^GNU Wget ([\d.]+)/,
  refusals: {
    wrongToken: [/^Username\/Password Authentication Failed\.$/m],
    toldLater: [/ERROR 503: Service Unavailable\.$/m],
  },
  args: ({ url, user, token }) => [
    ...['--no-config', '--no-hsts', '-nv', '-O', '-'],
    ...[`--user=${user}`, `--password=${token}`, url],
  ],
})

/** The wget of busybox, which takes credentials in the URL. */
export const busyboxWget = fetcher({
  name: 'busybox wget',
  program: 'busybox',
  versionArguments: [],
  version: /^BusyBox v([\d.]+)/m,
  refusals: {
    wrongToken: [/^wget: server returned error: HTTP\/1\.1 401 Unauthorized$/m],
    toldLater: [/^wget: server returned error: HTTP\/1\.1 503 Service Unavailable$/m],
  },
  args: ({ url, user, token }) => ['wget', '-q', '-O', '-', url.replace('//', `//${user}:${token}@`)],
})

interface Fetcher extends Pick<Client, 'name' | 'program' | 'versionArguments' | 'version'> {
  readonly refusals: Pick<Words, 'wrongToken' | 'toldLater'>
  args(target: Target): string[]
}

/** A program that fetches a URL and prints what it gets: it remembers nothing, and says the service's own words. */
function fetcher({ refusals, args, ...about }: Fetcher): Client {
  const nochg = (_: string, address: string) => [new RegExp(`^nochg ${literally(address)}$`, 'm')]
  return {
    ...about,
    words: {
      ...refusals,
      registered: (hosts, address) => [
        new RegExp(`^${hosts.map(() => `good ${literally(address)}`).join('\\n')}$`, 'm'),
      ],
      kept: nochg,
      held: nochg,
      success: /good|nochg/,
    },
    async install(home) {
      const directory = await home.newDirectory()
      return {
        update({ hosts, path = '/nic/update', token = rightToken, address }) {
          const query =
            path === '/register_ip' ? '' : `?hostname=${hosts}${address ? `&myip=${address}` : ''}`
          const target = { url: `http://${home.authority}${path}${query}`, user: hosts[0] ?? '', token }
          return startProgram(about.program, args(target), directory).ended
        },
      }
    },
  }
}
