import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import {
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  type RecordType,
  TRUNCATED_RESPONSE,
} from 'dns-packet'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolve } from '../../../emulators/dns/resolve.js'
import { type DnsServer, startDnsServer } from '../../../emulators/dns/server.js'
import { propertyRuns } from '../../support/property-runs.js'
import { exampleZones } from './testing.js'

let server: DnsServer
beforeAll(async () => {
  server = await startDnsServer({ lookup: () => exampleZones })
})
afterAll(() => server.close())

/** Sends one datagram and reads the first that comes back. */
async function exchange(datagram: Uint8Array): Promise<Buffer> {
  const socket = createSocket('udp4')
  try {
    const answer = once(socket, 'message')
    socket.send(datagram, server.port, '127.0.0.1')
    const [message] = (await answer) as [Buffer]
    return message
  } finally {
    socket.close()
  }
}

const query = (name: string, type: RecordType = 'A', more: Packet = {}): Packet => ({
  type: 'query',
  id: 4711,
  flags: RECURSION_DESIRED,
  questions: [{ name, type }],
  ...more,
})

const ask = async (packet: Packet): Promise<DecodedPacket> => decode(await exchange(encode(packet)))

const rcode = (message: Buffer): number => message.readUInt16BE(2) & 0xf

test('an answer is authoritative and repeats id, RD and the spelling of the question', async () => {
  const answer = await ask(query('hOmE.Example.COM'))
  expect(answer).toMatchObject({ id: 4711, flag_qr: true, flag_aa: true, flag_rd: true, flag_ra: false })
  expect(answer.questions).toMatchObject([{ name: 'hOmE.Example.COM', type: 'A', class: 'IN' }])
  expect(answer.answers).toMatchObject([{ name: 'hOmE.Example.COM', type: 'A', ttl: 60, data: '192.0.2.1' }])
  expect(answer.authorities).toEqual([])
})

test.each([
  ['NXDOMAIN', 'nothing.example.com', 3],
  ['NODATA', 'down.example.com', 0],
])('%s brings the SOA with the negative TTL', async (_, name, expected) => {
  const message = await exchange(encode(query(name)))
  expect(rcode(message)).toBe(expected)
  const { answers, authorities, flag_aa } = decode(message)
  expect(answers).toEqual([])
  expect(flag_aa).toBe(true)
  expect(authorities).toMatchObject([{ name: 'example.com', type: 'SOA', ttl: 300, data: { minimum: 300 } }])
})

test('a CNAME stands before the address that it leads to', async () => {
  const { answers } = await ask(query('www.example.com'))
  expect(answers).toMatchObject([
    { name: 'www.example.com', type: 'CNAME', data: 'Home.example.com' },
    { name: 'Home.example.com', type: 'A', data: '192.0.2.1' },
  ])
})

test.each([
  ['out of the zones', 'away.example.com', 'elsewhere.test'],
  ['to itself', 'loop.example.com', 'loop.example.com'],
])('a CNAME %s is the whole answer', async (_, name, data) => {
  const { answers, authorities } = await ask(query(name))
  expect(answers).toMatchObject([{ name, type: 'CNAME', data }])
  expect(authorities).toEqual([])
})

test('TXT strings keep quotes and octets', async () => {
  const { answers } = await ask(query('home.example.com', 'TXT'))
  expect(answers).toMatchObject([{ data: [Buffer.from('one "quoted"'), Buffer.from('two \xe4', 'latin1')] }])
})

test('ANY gives every type that can be answered', async () => {
  const datagram = encode(query('home.example.com'))
  datagram.writeUInt16BE(255, datagram.length - 4)
  const { answers } = decode(await exchange(datagram))
  expect(answers?.map(({ type }) => type)).toEqual(['A', 'AAAA', 'TXT'])
})

test('REFUSED claims no authority', async () => {
  expect(await ask(query('home.example.org'))).toMatchObject({
    flag_aa: false,
    answers: [],
    authorities: [],
  })
})

test('too much for 512 octets is truncated, and fits with EDNS', async () => {
  const edns = (udpPayloadSize: number): Packet => ({
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  })
  const plain = await ask(query('large.example.com'))
  expect(plain).toMatchObject({ flag_tc: true, answers: [], additionals: [] })
  const fitting = await ask(query('large.example.com', 'A', edns(4096)))
  expect(fitting).toMatchObject({ flag_tc: false, additionals: [{ type: 'OPT' }] })
  expect(fitting.answers).toHaveLength(30)
  expect(await ask(query('large.example.com', 'A', edns(100)))).toMatchObject({ flag_tc: true })
  expect(await ask(query('huge.example.com', 'A', edns(65_535)))).toMatchObject({ flag_tc: true })
})

test.each([
  ['no question', encode({ type: 'query', id: 1 }), 1],
  [
    'two questions',
    encode({ ...query('a.example.com'), questions: [1, 2].map(() => ({ name: 'a', type: 'A' })) }),
    1,
  ],
  ['a name cut short', encode(query('home.example.com')).subarray(0, 20), 1],
  ['a dot inside a label', Buffer.from('00010100000100000000000003612e620000010001', 'hex'), 1],
  ['bytes that are not UTF-8', Buffer.from('00010100000100000000000002fffe0000010001', 'hex'), 1],
  ['another opcode', encode(query('home.example.com', 'A', { flags: 5 << 11 })), 4],
  [
    'another class',
    encode(query('x', 'A', { questions: [{ name: 'home.example.com', type: 'A', class: 'CH' }] })),
    5,
  ],
  ['the root', encode(query('.')), 5],
])('%s is refused', async (_, datagram, expected) => {
  const message = await exchange(datagram)
  expect(message.readUInt16BE(0)).toBe(datagram.readUInt16BE(0))
  expect(rcode(message)).toBe(expected)
  expect(message.readUInt16BE(2) & (AUTHORITATIVE_ANSWER | TRUNCATED_RESPONSE)).toBe(0)
})

test('responses and datagrams without a header are ignored, and nothing random stops it', async () => {
  const socket = createSocket('udp4')
  const received: Buffer[] = []
  socket.on('message', (message) => received.push(message))
  const send = (datagram: Uint8Array) =>
    new Promise((sent) => socket.send(datagram, server.port, '127.0.0.1', sent))
  await send(Buffer.alloc(0))
  await send(Buffer.alloc(11))
  await send(encode({ ...query('home.example.com'), type: 'response' }))
  await send(encode(query('home.example.com', 'A', { id: 1 })))
  await expect.poll(() => received.map((message) => message.readUInt16BE(0))).toEqual([1])

  const bytes = fc.uint8Array({ maxLength: 600 })
  const header = encode(query('home.example.com')).subarray(0, 12)
  const oneByteOff = fc.tuple(fc.nat(33), fc.nat(255)).map(([position, byte]) => {
    const datagram = encode(query('home.example.com'))
    datagram[position] = byte
    return datagram
  })
  const junk = fc.oneof(
    bytes,
    bytes.map((tail) => Buffer.concat([header, tail])),
    oneByteOff,
  )
  await fc.assert(
    fc.asyncProperty(junk, async (datagram) => {
      await send(datagram)
      expect(await resolve(server.port, 'home.example.com', 'A')).toEqual(['192.0.2.1'])
    }),
    { numRuns: propertyRuns(200) },
  )
  socket.close()
})
