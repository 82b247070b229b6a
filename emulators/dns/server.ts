import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, TRUNCATED_RESPONSE } from 'dns-packet'
import { answerQuestion, failure, type Outcome, RCODE } from './answer.js'
import type { DnsZone } from './zone.js'

/** What to serve and where: `lookup` is asked anew for every question; without a port, any free one. */
export interface DnsServerOptions {
  lookup: () => Iterable<DnsZone>
  port?: number
}

/** A responder on 127.0.0.1; `close` frees the port. */
export interface DnsServer {
  port: number
  close(): Promise<void>
}

/** The largest response without EDNS (RFC 1035 section 4.2.1), and with it (DNS flag day 2020), in octets. */
const PLAIN_PAYLOAD = 512
const EDNS_PAYLOAD = 1232

const HEADER_LENGTH = 12
const QR = 0x8000
const OPCODE = 0x7800
const RECURSION_DESIRED = 0x0100

/**
 * Starts an authoritative responder over UDP only: no TCP, no recursion, no DNSSEC. Rejects when the port is
 * taken.
 */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const socket = createSocket('udp4')
  socket.on('message', (message, peer) => {
    const response = respond(options.lookup, message)
    if (response) socket.send(response, peer.port, peer.address)
  })
  socket.bind(options.port ?? 0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    close: () => new Promise((resolve) => socket.close(resolve)),
  }
}

/**
 * The response to one datagram: FORMERR for a query that cannot be read, NOTIMP for opcodes other than QUERY,
 * SERVFAIL when `lookup` throws or holds a malformed value. Undefined for what is too short for a header or
 * is itself a response, lest two servers talk to each other for ever.
 */
function respond(lookup: () => Iterable<DnsZone>, message: Buffer): Buffer | undefined {
  if (message.length < HEADER_LENGTH) return undefined
  const flags = message.readUInt16BE(2)
  if (flags & QR) return undefined
  if (flags & OPCODE) return bareResponse(message, RCODE.NOTIMP)
  const query = readQuery(message)
  if (!query) return bareResponse(message, RCODE.FORMERR)
  if (query.class !== 'IN') return encodeResponse(message, query, failure(RCODE.REFUSED))
  try {
    return encodeResponse(message, query, answerQuestion(lookup(), query.name, query.type))
  } catch {
    return encodeResponse(message, query, failure(RCODE.SERVFAIL))
  }
}

type Query = NonNullable<ReturnType<typeof readQuery>>

/** Undefined unless there is one question, and one whose name dns-packet can write back just as it came. */
function readQuery(message: Buffer) {
  try {
    const { questions = [], additionals = [] } = decode(message)
    const [question, ...others] = questions
    if (!question || others.length > 0) return undefined
    const echo = encode({ questions: [question] }).subarray(HEADER_LENGTH)
    if (!message.subarray(HEADER_LENGTH).subarray(0, echo.length).equals(echo)) return undefined
    return { ...question, edns: additionals.find((record) => record.type === 'OPT') }
  } catch {
    return undefined
  }
}

function encodeResponse(message: Buffer, query: Query, outcome: Outcome): Buffer {
  const { edns } = query
  const additionals: Answer[] = edns ? [ednsRecord()] : []
  const packet = {
    type: 'response' as const,
    id: message.readUInt16BE(0),
    flags: responseFlags(message, outcome.rcode) | (outcome.authoritative ? AUTHORITATIVE_ANSWER : 0),
    questions: [{ name: query.name, type: query.type, class: query.class }],
    answers: outcome.answers,
    authorities: outcome.authorities,
    additionals,
  }
  const limit = edns ? Math.min(Math.max(edns.udpPayloadSize, PLAIN_PAYLOAD), EDNS_PAYLOAD) : PLAIN_PAYLOAD
  const whole = encode(packet)
  if (whole.length <= limit) return whole
  return encode({ ...packet, flags: packet.flags | TRUNCATED_RESPONSE, answers: [], authorities: [] })
}

/** A header with a response code and nothing after it. */
function bareResponse(message: Buffer, rcode: number): Buffer {
  return encode({ type: 'response', id: message.readUInt16BE(0), flags: responseFlags(message, rcode) })
}

/** The query's opcode and RD bit come back with the response code (RFC 1035 section 4.1.1). */
function responseFlags(message: Buffer, rcode: number): number {
  return (message.readUInt16BE(2) & (OPCODE | RECURSION_DESIRED)) | rcode
}

/** The OPT record that tells how much this side reads at once (RFC 6891 section 6.1.2). */
function ednsRecord(): Answer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: EDNS_PAYLOAD,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  }
}
