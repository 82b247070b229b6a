import { mkdtemp } from 'node:fs/promises'
import type { CliResult } from '../support/cli-process.js'
import { startProcessWorld } from '../support/processes.js'
import { request } from '../support/request.js'

/** The built command and the built server, with one database. */
export interface RouterWorld {
  /** The service, as `--url` names it. */
  readonly url: string
  /** Runs `dyndns53 router` for this service. */
  router(...args: string[]): Promise<CliResult>
  /** What it prints for a type whose setup is a file. */
  file(host: string, type: string): Promise<string>
  /** What it prints for a type whose setup are fields. */
  fields(host: string, type: string): Promise<Record<string, string>>
  /** Sends what a router sends; resolves with `<status> <body>`. */
  send(url: string, user: string | undefined, token: string | undefined): Promise<string>
  /** The A (or AAAA) values in the zone at this name. */
  held(name: string, type?: string): string[]
  /** The DNS server that answers for the zone, as `host:port`. */
  readonly dnsServer: string
  newDirectory(): Promise<string>
  close(): Promise<void>
}

/** Where what is sent comes from, as the proxy in front says. */
export const callerAddress = '203.0.113.9'

/** Starts a world with this database; close it in the end. */
export async function startRouterWorld(csv: string): Promise<RouterWorld> {
  const env = { DYNDNS_TRUST_PROXY: '1' }
  const world = await startProcessWorld({ csv, zones: ['example.com'], env })
  const { url } = await world.start()
  const router = (...args: string[]) => world.run(['router', ...args, '--url', url])
  const json = async (host: string, type: string) => {
    const { status, stdout, stderr } = await router(host, '--type', type, '--json')
    if (status !== 0) throw new Error(stderr)
    return JSON.parse(stdout.toString())
  }
  return {
    url,
    router,
    async file(host, type) {
      const { status, stdout, stderr } = await router(host, '--type', type)
      if (status !== 0) throw new Error(stderr)
      return stdout.toString()
    },
    fields: async (host, type) => (await json(host, type)).fields,
    async send(target, user = '', token = '') {
      const { status, body } = await request(target, { user, token }, callerAddress)
      return `${status} ${body}`
    },
    held: world.held,
    dnsServer: world.dnsServer,
    newDirectory: () => mkdtemp(world.file('router-')),
    close: world.close,
  }
}

/** A token with whatever a format may trip over. */
export const oddToken = `a'b"c\\d#e,f $g\${HOME}%i <h>&i=j|k`

/** A line of the database. */
export function csvLine(host: string, token: string): string {
  return `${host},"${token.replaceAll('"', '""')}"\n`
}

/** Replaces all placeholders of a router by their values. */
export function fillIn(template: string, values: Record<string, string>): string {
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), template)
}
