import type { Zone } from '../../../emulators/route53/zone.js'
import { hashedCell } from '../../../src/hosts/token.js'
import { parseHostname } from '../../../src/net/hostname.js'
import { startProcessWorld } from '../../support/processes.js'
import { type Login, request } from '../../support/request.js'
import type { ServerProcess } from '../../support/server-process.js'
import { hosts } from '../../support/world.js'

/** What is in front of the server: Heroku's router, or nothing. */
export type Front = 'heroku' | 'nothing'

/** Every host of the database. Two share a token; two cannot be written: a CNAME is there, and there is no zone. */
export const logins: readonly Login[] = [
  hosts.home,
  hosts.cabin,
  { user: 'twin-a.example.com', token: 'twins: "ü"' },
  { user: 'twin-b.example.com', token: 'twins: "ü"' },
  { user: 'hashed.example.com', token: 'hashed-token' },
  { user: '*.wild.example.com', token: 'wild-token' },
  { user: 'blocked.example.com', token: 'blocked-token' },
  { user: 'elsewhere.example.org', token: 'elsewhere-token' },
]

/** The hosts that can be written. */
export const writable = new Set(
  logins.map(({ user }) => user).filter((name) => !/^(blocked|elsewhere)/.test(name)),
)

/** What somebody else has put at the challenge of a host. */
export const foreignText = '"theirs"'

const guard: Login = { user: 'guard.example.com', token: 'guard-token' }

/** The built server in front of both emulators. */
export interface House {
  readonly front: Front
  /** The port of a server that lives: of a new one where the last has died. */
  port(): Promise<number>
  /** What was printed since the last look. */
  printed(): string
  /** The zone's records but the guard's, by `name type`. */
  records(): Map<string, string>
  /** Rejects unless the process lives, answers /check_ip, and has settled all that it was asked for before. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** Starts a house; close it in the end. No limit but those of HTTP is in the way of many requests. */
export async function openHouse(front: Front): Promise<House> {
  const world = await startProcessWorld({
    csv: csv(),
    env: {
      DYNDNS_REQUESTS_PER_SECOND: '1000',
      DYNDNS_CHANGES_PER_SECOND: '10000',
      DYNDNS_LOGIN_FAILURES: '1000000',
      ...(front === 'heroku' && { DYNO: 'web.1', DYNDNS_ALLOW_PRIVATE: '' }),
    },
  })
  const zone = world.route53.model.addZone({ name: 'example.com' })
  zone.put({ name: 'blocked.example.com', type: 'CNAME', ttl: 60, values: ['elsewhere.example.net.'] })
  zone.put({
    name: '_acme-challenge.blocked.example.com',
    type: 'CNAME',
    ttl: 60,
    values: ['elsewhere.example.net.'],
  })
  zone.put({ name: '_acme-challenge.home.example.com', type: 'TXT', ttl: 60, values: [foreignText] })
  zone.put({ name: 'www.example.com', type: 'A', ttl: 60, values: ['198.51.100.80'] })
  let server: ServerProcess | undefined
  const kill = () => server?.child.kill('SIGKILL')
  process.once('exit', kill)
  let looked = 0
  let settled = 0

  async function port(): Promise<number> {
    if (!server || hasEnded(server)) {
      server = world.spawn()
      looked = 0
      await server.logged('host database loaded')
    }
    const line = await server.logged('listening')
    return Number(line['port'])
  }

  return {
    front,
    port,
    printed() {
      const text = server?.printed() ?? ''
      const fresh = text.slice(looked, text.lastIndexOf('\n') + 1)
      looked += fresh.length
      return fresh
    },
    records: () => recordsOf(zone),
    async settle() {
      if (!server || hasEnded(server))
        throw new Error(`the server has ended:\n${server?.printed().slice(-3000)}`)
      const url = `http://127.0.0.1:${await port()}`
      const check = await request(`${url}/check_ip`)
      if (check.status !== 200) throw new Error(`/check_ip answers ${check.status}`)
      // One writer serves the zone in the order of asking: when this is written, so is what came before.
      settled += 1
      const myip = `8.8.${settled % 250}.${(settled >> 8) % 250}`
      const { body } = await request(`${url}/nic/update?myip=${myip}`, guard)
      if (body !== `good ${myip}`) throw new Error(`the guard's own registration got ${body}`)
    },
    async close() {
      await world.close()
      process.off('exit', kill)
    },
  }
}

function csv(): string {
  const cell = (token: string) => `"${token.replaceAll('"', '""')}"`
  const lines = [...logins, guard].map(({ user, token }) =>
    user.startsWith('hashed') ? `${user},${hashedCell(token)}` : `${parseHostname(user)},${cell(token)}`,
  )
  return `${lines.join('\n')}\n`
}

function hasEnded({ child }: ServerProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function recordsOf(zone: Zone): Map<string, string> {
  const records = zone.records().filter(({ name }) => name !== `${guard.user}.`)
  return new Map(
    records.map(({ name, type, ...rest }) => [`${name.slice(0, -1)} ${type}`, JSON.stringify(rest)]),
  )
}
