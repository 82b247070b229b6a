import { connect } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { exchange, type World } from '../support/world.js'
import { addresses, callerV4, hold, startPublicWorld } from './nic.js'
import { ddclients } from './recorded-ddclient.js'
import { fritzBoxes } from './recorded-fritz-box.js'
import { inadyns } from './recorded-inadyn.js'
import { others } from './recorded-others.js'
import { login } from './recorded-request.js'

const csv = ['home', 'nas', '*.home'].map((name) => `${name}.example.com,tok123\n`).join('')

let world: World
afterEach(() => world.close())

// The clients that cannot be run here, written down from what is known of them: docs/clients.md has the sources.
it.each([...fritzBoxes, ...inadyns, ...ddclients, ...others])(
  '$what: $answer',
  async ({ lines, from, held = [], answer, zone }) => {
    world = await startPublicWorld({ csv })
    for (const address of held) hold(world, 'home.example.com', address)
    const { head, body } = await say(passedOn(lines, from))
    expect(`${/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]} ${body}`).toBe(answer)
    expect(addresses(world)).toEqual(zone)
    expect(head).toMatch(new RegExp(`^Content-Length: ${body.length}$`, 'm'))
    expect(head).not.toMatch(/^(Transfer-Encoding|Content-Encoding|Location):/im)
  },
)

it('OpenWrt asks without credentials first, and is answered what makes it send them', async () => {
  world = await startPublicWorld({ csv })
  const request = ['GET /nic/update?hostname=home.example.com&myip=8.8.8.8 HTTP/1.1', 'Host: dyn.example.net']
  const first = await say(passedOn(request))
  expect(first.head).toMatch(/^HTTP\/1\.1 401 Unauthorized$/m)
  // uclient-fetch wants the value to start with this very word.
  expect(first.head).toMatch(/^WWW-Authenticate: Basic realm="[^"]+", charset="UTF-8"$/m)
  expect(first.body).toBe('badauth')
  const second = await say(passedOn([...request, login]))
  expect(second.body).toBe('good 8.8.8.8')
})

it('pfSense finds its Result Match in the very bytes of the body', async () => {
  world = await startPublicWorld({ csv })
  const match = 'good %IP%|nochg %IP%'
  for (const address of ['8.8.8.8', '2606:4700::1111', '8.8.8.8', '8.8.4.4']) {
    const path = `/nic/update?hostname=home.example.com&myip=${address}`
    const { body } = await say(passedOn([`GET ${path} HTTP/1.1`, 'Host: x', login]))
    expect(match.replaceAll('%IP%', address).split('|')).toContain(body)
  }
})

it('MikroTik is told the login failed in the one way that it takes', async () => {
  world = await startPublicWorld({ csv })
  const { head } = await say(
    passedOn(['GET /nic/update?myip=8.8.8.8/24 HTTP/1.1', 'Host: x', 'Authorization: Basic aG9tZTp4']),
  )
  expect(head).toMatch(/^HTTP\/1\.1 401 .*\nWWW-Authenticate: Basic /s)
})

/** The bytes of a request as the proxy in front passes them on. */
function passedOn([requestLine = '', ...headers]: readonly string[], from = callerV4): string {
  return [requestLine, `X-Forwarded-For: ${from}`, ...headers, '', ''].join('\r\n')
}

/**
 * Sends a request and reads its answer. HTTP/1.0 and `Connection: close` are waited for until the server closes, as
 * inadyn waits; every other client stops reading after Content-Length.
 */
async function say(bytes: string): Promise<{ head: string; body: string }> {
  const isClosed = / HTTP\/1\.0\r\n|\r\nConnection: close\r\n/.test(bytes)
  const answer = isClosed ? await exchange(world.service.port, bytes) : await readWhole(bytes)
  const [head = '', ...body] = answer.split('\r\n\r\n')
  return { head: head.replaceAll('\r\n', '\n'), body: body.join('\r\n\r\n') }
}

function readWhole(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(world.service.port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      answer += chunk
      const head = answer.indexOf('\r\n\r\n') + 4
      const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(answer)?.[1] ?? 0)
      if (head >= 4 && answer.length >= head + length) socket.end(() => resolve(answer))
    })
    socket.on('close', () => reject(new Error(`closed after ${answer}`)))
    socket.on('error', reject)
  })
}
