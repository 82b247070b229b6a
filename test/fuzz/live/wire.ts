/** A request, its texts as latin1: each character is a byte. */
export interface WireRequest {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly framing: Framing
}

/** How the request says where its body ends; only the first three say what is true. */
export type Framing =
  | 'none'
  | 'length'
  | 'chunked'
  | 'short'
  | 'long'
  | 'twice'
  | 'both'
  | 'bad chunks'
  | 'not a number'

/** A change to the bytes of a connection: at a place from 0 up to 1, some are cut out and others put in. */
export interface Edit {
  readonly at: number
  readonly cut: number
  readonly put: string
}

/** What is sent over one connection: requests one after the other, bent, in pieces cut at places from 0 up to 1. */
export interface WireConnection {
  readonly requests: readonly WireRequest[]
  readonly edits: readonly Edit[]
  readonly cuts: readonly number[]
}

/** The bytes of a connection, as latin1, in the pieces that are sent. */
export function piecesOf({ requests, edits, cuts }: WireConnection): string[] {
  let bytes = requests.map(bytesOf).join('')
  for (const { at, cut, put } of edits) {
    const place = Math.floor(at * bytes.length)
    bytes = bytes.slice(0, place) + put + bytes.slice(place + cut)
  }
  const places = [0, ...cuts.map((at) => Math.floor(at * bytes.length)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, index) => bytes.slice(places[index], end))
}

function bytesOf({ method, target, version, headers, body, framing }: WireRequest): string {
  const lines = [...headers.map((header) => header.join(': ')), ...framingLines(framing, body.length)]
  const head = [`${method} ${target} HTTP/${version}`, ...lines].map((line) => `${line}\r\n`).join('')
  return `${head}\r\n${framedBody(framing, body)}`
}

function framingLines(framing: Framing, length: number): string[] {
  const lines: Record<Framing, string[]> = {
    none: [],
    length: [`Content-Length: ${length}`],
    chunked: ['Transfer-Encoding: chunked'],
    short: [`Content-Length: ${Math.max(0, length - 3)}`],
    long: [`Content-Length: ${length + 3}`],
    twice: [`Content-Length: ${length}`, `Content-Length: ${length + 1}`],
    both: [`Content-Length: ${length}`, 'Transfer-Encoding: chunked'],
    'bad chunks': ['Transfer-Encoding: chunked'],
    'not a number': ['Content-Length: +0x4'],
  }
  return lines[framing]
}

function framedBody(framing: Framing, body: string): string {
  if (framing === 'none') return ''
  if (framing === 'bad chunks') return `${(body.length + 1).toString(16)};x="\0"\r\n${body}\r\n-1\r\n\r\n`
  if (framing !== 'chunked' && framing !== 'both') return body
  const chunk = body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`
  return `${chunk}0\r\n\r\n`
}
