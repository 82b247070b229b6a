import { Agent, get } from 'node:http'
import { expect } from 'vitest'
import { basic, type Login } from '../support/world.js'
import { type Ground, logins, type Running } from './ground.js'

/** Clients that register one new address after the other, each for its host. */
export interface Load {
  /** Registrations that were answered with success so far. */
  done(): number
  /** Resolves when all clients have stopped: when their next request got no answer, or after `stop`. */
  readonly over: Promise<void>
  /** Lets the requests under way end, and sends no more. */
  stop(): Promise<void>
  /** Every client got an answer that was true or none at all, and the zone holds what it was told last, or asked since. */
  expectTruth(): void
}

/** What one client knows: the address that it was told is there, and those that it asked for since. */
interface Knowledge {
  sure: string | undefined
  asked: string[]
}

/** Starts a client for every host, against a server that may end at any time. */
export function startLoad(ground: Ground, { port }: Running): Load {
  const knowledge = new Map<string, Knowledge>()
  let done = 0
  let isOver = false

  async function drive(index: number): Promise<void> {
    const login = logins[index] as Login
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const known: Knowledge = { sure: undefined, asked: [] }
    knowledge.set(login.user, known)
    for (let round = 0; !isOver; round++) {
      const address = `10.${index}.${round >> 8}.${round & 255}`
      known.asked.push(address)
      const answer = await register(port, login, address, agent)
      if (answer === undefined) break
      if (answer === '503 911') continue
      expect(answer).toBe(`200 good ${address}`)
      known.sure = address
      known.asked = []
      done += 1
    }
    agent.destroy()
  }

  const over = Promise.all(logins.map((_, index) => drive(index))).then(() => {})
  return {
    over,
    done: () => done,
    stop() {
      isOver = true
      return over
    },
    expectTruth() {
      for (const [host, { sure, asked }] of knowledge) {
        const [held, ...more] = ground.held(host)
        expect(more).toEqual([])
        expect([sure, ...asked]).toContain(held)
      }
    },
  }
}

/** Status and body of the answer, undefined where the connection was lost. (Node's fetch may then wait for ever.) */
function register(port: number, login: Login, address: string, agent: Agent): Promise<string | undefined> {
  const headers = { authorization: basic(login), 'x-forwarded-for': address }
  return new Promise((resolve) => {
    const lost = () => resolve(undefined)
    get({ port, host: '127.0.0.1', path: '/register_ip', headers, agent }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => resolve(`${response.statusCode} ${body}`)).on('error', lost)
    }).on('error', lost)
  })
}
