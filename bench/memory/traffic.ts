import { request } from 'node:http'
import { connect } from 'node:net'

/** How many hosts the town has; each registers every five minutes. */
const townHosts = 500
/** The token that all of them have, which lets one login update several. */
const townToken = 'the-token-of-the-town'

/** The host database, and in each version a host more, of another name. */
export function townDatabase(version: number): string {
  const names = Array.from({ length: townHosts }, (_, index) => hostName(index))
  return [...names, `version-${version}.example.com`].map((name) => `${name},${townToken}\n`).join('')
}

function hostName(index: number): string {
  return `town-${index % townHosts}.example.com`
}

/** One request of some kind; resolves with the status of its answer, 0 for none. `index` counts those of its kind. */
type Visit = (port: number, index: number) => Promise<number>

/** The kinds of traffic, and how many of each there are in an hour. */
export const hourOfTraffic: readonly {
  readonly what: string
  readonly perHour: number
  readonly visit: Visit
}[] = [
  {
    what: 'registrations by /register_ip',
    perHour: 3000,
    visit: (port, index) => register(port, index, '/register_ip'),
  },
  { what: 'registrations by /nic/update', perHour: 3000, visit: registerByForm },
  { what: '/check_ip', perHour: 6000, visit: (port, index) => send(port, index, { path: '/check_ip' }) },
  { what: 'wrong logins from as many addresses', perHour: 12_000, visit: guess },
  {
    what: 'requests without a login',
    perHour: 1800,
    visit: (port, index) => send(port, index, { path: '/nic/update' }),
  },
  {
    what: 'other paths',
    perHour: 4200,
    visit: (port, index) => send(port, index, { path: `/wp-login.php?${index}` }),
  },
  {
    what: 'other methods',
    perHour: 1200,
    visit: (port, index) => send(port, index, { path: '/register_ip', method: 'PUT' }),
  },
  {
    what: 'bodies that are too big',
    perHour: 600,
    visit: (port, index) => postBody(port, index, 'x'.repeat(20_000)),
  },
  { what: 'what is not HTTP', perHour: 1800, visit: (port) => sendRaw(port, '\x16\x03\x01 hello\r\n\r\n') },
  {
    what: 'requests broken off',
    perHour: 1800,
    visit: (port) => sendRaw(port, 'POST /nic/update HTTP/1.1\r\nContent-Length: 9\r\n'),
  },
]

/** Every tenth call of a host comes from a new address. */
function addressOf(index: number): string {
  const host = index % townHosts
  const turn = Math.floor(index / townHosts / 10)
  return `8.${8 + (turn % 200)}.${host >> 8}.${host & 255}`
}

function register(port: number, index: number, path: string): Promise<number> {
  return send(port, index, { path, auth: `${hostName(index)}:${townToken}` })
}

function registerByForm(port: number, index: number): Promise<number> {
  const names = [hostName(index), hostName(index + 1)].join(',')
  return postBody(port, index, `hostname=${names}&myip=${addressOf(index)},2606:4700::${index % townHosts}`)
}

function postBody(port: number, index: number, body: string): Promise<number> {
  const auth = `${hostName(index)}:${townToken}`
  return send(port, index, { path: '/nic/update', method: 'POST', auth, body })
}

function guess(port: number, index: number): Promise<number> {
  const from = `198.${18 + ((index >> 16) & 1)}.${(index >> 8) & 255}.${index & 255}`
  return send(port, index, { path: '/register_ip', auth: `${hostName(index)}:guess-${index}`, from })
}

interface Sent {
  readonly path: string
  readonly method?: string
  readonly auth?: string
  readonly body?: string
  readonly from?: string
}

function send(
  port: number,
  index: number,
  { body, from = addressOf(index), ...sent }: Sent,
): Promise<number> {
  const options = {
    ...sent,
    host: '127.0.0.1',
    port,
    agent: false,
    headers: {
      'X-Forwarded-For': from,
      ...(body !== undefined && {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': body.length,
      }),
    },
  }
  return new Promise((resolve) => {
    const outgoing = request(options, (response) => {
      response.resume().on('close', () => resolve(response.statusCode ?? 0))
    })
    outgoing.on('error', () => resolve(0))
    outgoing.end(body)
  })
}

function sendRaw(port: number, bytes: string): Promise<number> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.end(bytes, 'latin1'))
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk
    })
    socket.on('error', () => {}).on('close', () => resolve(Number(answer.slice(9, 12))))
  })
}
