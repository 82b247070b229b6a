import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ProcessWorld, startProcessWorld, type Variables } from './support/processes.js'
import { basic, type Login } from './support/request.js'
import type { ServerProcess } from './support/server-process.js'

const home: Login = { user: 'home.example.com', token: 'home-token' }

let world: ProcessWorld
beforeEach(async () => {
  world = await startProcessWorld({ csv: `${home.user},${home.token}\n`, zones: ['example.com'] })
})
afterEach(() => world.close())

async function start(env: Variables): Promise<{ server: ServerProcess; port: number }> {
  const server = world.spawn(env)
  const { port } = await server.logged('listening')
  return { server, port: Number(port) }
}

/** The body of the answer, or the code of the error that came instead. */
async function ask(where: RequestOptions, login: Login, forwardedFor?: string): Promise<string> {
  const headers = {
    authorization: basic(login),
    ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
  }
  const call = request({ path: '/register_ip', ...where, headers, agent: false }).end()
  try {
    const [answer] = (await once(call, 'response')) as [IncomingMessage]
    return (await text(answer)).trim()
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}

describe('DYNDNS_LISTEN as an address', () => {
  // All of 127.0.0.0/8 is this machine's, and what listens on every interface listens there too.
  it.skipIf(process.platform !== 'linux')('is listened on, and no other is', async () => {
    const everywhere = await start({})
    expect(await ask({ host: '127.0.0.2', port: everywhere.port }, home)).toBe('good 127.0.0.1')
    const { port } = await start({ DYNDNS_LISTEN: '127.0.0.1' })
    expect(await ask({ host: '127.0.0.1', port }, home)).toBe('nochg 127.0.0.1')
    expect(await ask({ host: '127.0.0.2', port }, home)).toBe('ECONNREFUSED')
  })

  it('that is not of this machine ends the start with a reason', async () => {
    const server = world.spawn({ DYNDNS_LISTEN: '192.0.2.1' })
    expect(await server.exited).toBe(1)
    expect(server.printed()).toContain('"reason":"DYNDNS_LISTEN: this machine has no address 192.0.2.1"')
  })
})

describe('where the port can be reached past the proxy', () => {
  const guess = { ...home, token: 'a-guess' }
  const past = (port: number) => ({ host: '127.0.0.1', port, localAddress: '127.0.0.3' })

  it.skipIf(process.platform !== 'linux').each([
    ['the address of the proxy', '127.0.0.1/32', '911'],
    ['the number 1, and none is locked out', '1', 'badauth'],
  ])('forged addresses are believed by what DYNDNS_TRUST_PROXY says: %s', async (_, trust, last) => {
    const { port, server } = await start({ DYNDNS_TRUST_PROXY: trust })
    await server.logged('host database loaded')
    const answers: string[] = []
    for (let index = 0; index < 60; index++) answers.push(await ask(past(port), guess, `203.0.113.${index}`))
    expect(answers.slice(0, 20)).toEqual(Array(20).fill('badauth'))
    expect(answers.slice(20)).toEqual(Array(40).fill(last))
    expect(await ask({ host: '127.0.0.1', port }, home, '203.0.113.99')).toBe('good 203.0.113.99')
  })
})

describe('DYNDNS_LISTEN as a path', () => {
  const socket = () => world.file('dyndns53.sock')
  const register = (forwardedFor?: string) => ask({ socketPath: socket() }, home, forwardedFor)

  it('is a Unix socket for its owner and group, behind which the last entry of X-Forwarded-For counts', async () => {
    const { server } = await start({ DYNDNS_LISTEN: socket() })
    expect(await server.logged('listening')).toMatchObject({ socket: socket() })
    expect((await stat(socket())).mode & 0o777).toBe(0o660)
    expect(await register('6.6.6.6, 203.0.113.7')).toBe('good 203.0.113.7')
    expect(await register()).toBe('dnserr')
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    expect(await world.files()).toEqual([])
  })

  it('takes networks of further proxies, which are looked for behind the one at the socket', async () => {
    await start({ DYNDNS_LISTEN: socket(), DYNDNS_TRUST_PROXY: '198.51.100.0/24' })
    expect(await register('6.6.6.6, 203.0.113.7, 198.51.100.1')).toBe('good 203.0.113.7')
    expect(await register('6.6.6.6, 203.0.113.8')).toBe('good 203.0.113.8')
  })

  it('takes the place of a socket that a killed process left', async () => {
    const { server } = await start({ DYNDNS_LISTEN: socket() })
    server.child.kill('SIGKILL')
    await server.exited
    expect(await world.files()).toEqual(['dyndns53.sock'])
    await start({ DYNDNS_LISTEN: socket() })
    expect(await register('203.0.113.7')).toBe('good 203.0.113.7')
  })

  it('leaves the socket of a process that lives', async () => {
    await start({ DYNDNS_LISTEN: socket() })
    const second = world.spawn({ DYNDNS_LISTEN: socket() })
    expect(await second.exited).toBe(1)
    expect(second.printed()).toContain(`DYNDNS_LISTEN: another process listens at ${socket()}`)
    expect(await register('203.0.113.7')).toBe('good 203.0.113.7')
  })

  it.each([
    ['a file', (): string => world.file('file'), 'is there and is no socket'],
    ['in a folder that is not there', (): string => world.file('no/socket'), 'its folder must be there'],
  ])('that is %s ends the start with a reason', async (_, path, reason) => {
    await writeFile(world.file('file'), 'not ours')
    const server = world.spawn({ DYNDNS_LISTEN: path() })
    expect(await server.exited).toBe(1)
    expect(server.printed()).toContain('DYNDNS_LISTEN: ')
    expect(server.printed()).toContain(reason)
    expect(await world.files()).toEqual(['file'])
  })

  it('wants a proxy that is trusted', async () => {
    const server = world.spawn({ DYNDNS_LISTEN: socket(), DYNDNS_TRUST_PROXY: '0' })
    expect(await server.exited).toBe(1)
    expect(server.printed()).toContain('it takes at a Unix socket a number from 1 up')
  })
})
