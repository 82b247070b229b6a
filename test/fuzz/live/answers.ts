/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** As latin1. */
  readonly body: string
}

/** Reads all answers that came over one connection, interim ones left out. Throws where they are not HTTP/1.1. */
export function parseAnswers(received: string): WireAnswer[] {
  const answers: WireAnswer[] = []
  for (let rest = received; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) throw new Error(`not the head of an answer: ${JSON.stringify(rest.slice(0, 200))}`)
    const { status, headers } = parseHead(rest.slice(0, end))
    rest = rest.slice(end + 4)
    if (status === 100) continue
    const length = Number(headers.get('content-length') ?? 0)
    // The answer to a HEAD ends here, whatever its length says; no body begins like an answer.
    const body = rest.startsWith('HTTP/1.1 ') ? '' : rest.slice(0, length)
    answers.push({ status, headers, body })
    rest = rest.slice(body.length)
  }
  return answers
}

function parseHead(head: string): Omit<WireAnswer, 'body'> {
  const [first = '', ...lines] = head.split('\r\n')
  const [, status] = /^HTTP\/1\.1 (\d{3}) [\w '-]+$/.exec(first) ?? []
  if (!status) throw new Error(`not a status line: ${JSON.stringify(first)}`)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name = '', value = ''] = /^([\w-]+): ([\x20-\x7e]*)$/.exec(line) ?? []
    if (!name || headers.has(name.toLowerCase())) throw new Error(`not a header: ${JSON.stringify(line)}`)
    headers.set(name.toLowerCase(), value)
  }
  return { status: Number(status), headers }
}
