/** A request as a client sends it, and what must come of it. */
export interface Recorded {
  readonly what: string
  /** The request line and headers, without the empty line, and a body behind one. */
  readonly lines: readonly string[]
  /** Where it comes from, as the proxy in front says; by default 9.9.9.9. */
  readonly from?: string
  /** Addresses that home.example.com has already. */
  readonly held?: readonly string[]
  /** `<status> <body>`. */
  readonly answer: string
  /** The address records of the zone afterwards, in Route 53's order. */
  readonly zone: readonly string[]
}

/** home.example.com:tok123, as ddclient and inadyn were observed to send it. */
export const login = 'Authorization: Basic aG9tZS5leGFtcGxlLmNvbTp0b2sxMjM='
/** What clients ask for, and the records that come of it or of the caller's own address. */
export const v4 = '8.8.8.8'
export const v6 = '2606:4700::1111'
export const homeA = `home.example.com A ${v4}`
export const homeAAAA = `home.example.com AAAA ${v6}`
export const callerA = 'home.example.com A 9.9.9.9'
export const nasA = `nas.example.com A ${v4}`

/** What is left to say of a request once it is written down. */
export type Rest = Pick<Recorded, 'answer' | 'zone'> & Partial<Recorded>

/** The query of most of them, and what comes of it. */
export const query = `hostname=home.example.com&myip=${v4}`
export const writtenA = { answer: `200 good ${v4}`, zone: [homeA] }
export const both = { answer: `200 good ${v4},${v6}`, zone: [homeA, homeAAAA] }
export const fromCaller = { answer: '200 good 9.9.9.9', zone: [callerA] }

/** A GET with credentials, as HTTP/1.1 unless the path is followed by a version. */
export const get = (what: string, target: string, headers: readonly string[], rest: Rest): Recorded => ({
  what,
  lines: [
    `GET ${target}${/ HTTP\/1\.0$/.test(target) ? '' : ' HTTP/1.1'}`,
    'Host: dyn.example.net',
    login,
    ...headers,
  ],
  ...rest,
})
