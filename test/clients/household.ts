import { mkdtemp } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { startRoute53Emulator } from '../../emulators/route53/server.js'
import { startProcessWorld } from '../support/processes.js'
import { endPrograms } from './program.js'

/** The token of all hosts of the household. */
export const token = '5f0c9e7a41d84b6e'
/** A host in the database that has another token, and sorts before the household's. */
export const neighbour = 'a-neighbour.example.com'
/** Whether this machine has ::1. */
export const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

/** A line of the server's log about a request; its status is there once it is answered. */
export interface LogLine {
  readonly msg: string
  readonly path?: string
  readonly status?: number
  readonly address?: string
}

/** Machines behind one router, and the built server with its emulators: all on the loopback interface. */
export interface Household {
  /** Where its machines reach the service: by way of the router, as everybody. */
  readonly authority: string
  /** The router's address on the outside, which is what the service sees: in 127.0.0.0/8, or ::1. */
  address: string
  /** A host name of the household that was not used before; `*.` before it makes another. */
  newHost(): string
  /** A new directory of a machine. */
  newDirectory(): Promise<string>
  /** The A (or AAAA) values in the zone at this name. */
  held(name: string, type?: string): string[]
  /** Calls that wrote to Route 53 so far. */
  writes(): number
  /** What the server has logged so far of callers at this address. */
  logged(address: string): LogLine[]
  /** Switches Route 53 off; returns what switches it on again. */
  takeRoute53Down(): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** The status of each update that the server has answered to this address, without check_ip. */
export function answersTo(address: string, home: Household): (number | undefined)[] {
  const answered = home.logged(address).filter(({ msg, path }) => msg === 'request' && path !== '/check_ip')
  return answered.map(({ status }) => status)
}

/** Starts a household, with the router at 127.0.0.1; close it in the end. */
export async function startHousehold(): Promise<Household> {
  const names = Array.from({ length: 60 }, (_, index) => `host-${index}.example.com`)
  const rows = names.flatMap((name) => [`${name},${token}`, `*.${name},${token}`])
  const csv = [...rows, `${neighbour},another-one`].join('\n')
  const world = await startProcessWorld({ csv, zones: ['example.com'] })
  let { route53 } = world
  const { model, port: route53Port } = route53
  const { process: server, port } = await world.start()
  const household = { address: '127.0.0.1' }
  const router = await startRouter(port, household)
  return Object.assign(household, {
    authority: `127.0.0.1:${(router.address() as AddressInfo).port}`,
    newHost() {
      const name = names.pop()
      if (!name) throw new Error('no host is left')
      return name
    },
    newDirectory: () => mkdtemp(world.file('client-')),
    held: world.held,
    writes: () => model.log.statistics().writes,
    logged: (address: string) =>
      [...server.printed().matchAll(/^\{.*\}$/gm)]
        .map(([line]): LogLine => JSON.parse(line))
        .filter((line) => line.address === address),
    async takeRoute53Down() {
      await route53.close()
      return async () => {
        route53 = await startRoute53Emulator({ model, port: route53Port })
      }
    },
    async close() {
      endPrograms()
      router.close()
      await Promise.all([world.close(), route53.close()])
    },
  })
}

/** Passes each connection on to the server, from the outside address of that moment. */
function startRouter(port: number, outside: { readonly address: string }): Promise<Server> {
  const router = createServer({ allowHalfOpen: true }, (inner) => {
    const { address } = outside
    const host = address.includes(':') ? '::1' : '127.0.0.1'
    const outer = connect({ port, host, localAddress: address, allowHalfOpen: true })
    inner.pipe(outer).pipe(inner)
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  return new Promise((resolve, reject) => {
    router.once('error', reject)
    router.listen(0, '127.0.0.1', () => resolve(router))
  })
}
