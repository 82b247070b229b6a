import { within } from './deadline.js'
import { ask, lookUp, type ModemRequest } from './modem.js'
import { bob, home, type World } from './world.js'

/** What the modem does, the answer that it must get, and what the DNS must say of the host afterwards. */
interface Step extends ModemRequest {
  readonly title: string
  readonly host: string
  readonly answer: string
  readonly dns: string
}

/** As an ACME client asks for it, before Let's Encrypt looks it up. */
const challenge = {
  login: home,
  from: '198.51.100.23',
  host: `_acme-challenge.${home.host}`,
  body: { fqdn: `_acme-challenge.${home.host}.`, value: 'LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0' },
}

const register = { path: '/register_ip', host: home.host, login: home }

const steps: readonly Step[] = [
  {
    ...register,
    title: 'wakes it up',
    from: '203.0.113.7',
    answer: '200 good 203.0.113.7',
    dns: 'A 203.0.113.7',
  },
  {
    title: 'its address',
    path: '/check_ip',
    from: '203.0.113.7',
    answer: '200 203.0.113.7',
    host: home.host,
    dns: 'A 203.0.113.7',
  },
  {
    ...register,
    title: 'the same again',
    from: '203.0.113.7',
    answer: '200 nochg 203.0.113.7',
    dns: 'A 203.0.113.7',
  },
  {
    ...register,
    title: 'a new address',
    from: '198.51.100.23',
    answer: '200 good 198.51.100.23',
    dns: 'A 198.51.100.23',
  },
  {
    ...register,
    title: 'IPv6 as well',
    from: '2001:db8::7',
    answer: '200 good 2001:db8::7',
    dns: 'A 198.51.100.23, AAAA 2001:db8::7',
  },
  {
    ...register,
    title: 'a wrong token',
    from: '192.0.2.66',
    login: { ...home, token: 'guessed' },
    answer: '401 badauth',
    dns: 'A 198.51.100.23, AAAA 2001:db8::7',
  },
  {
    ...challenge,
    title: 'a certificate',
    path: '/present',
    answer: `200 ${JSON.stringify(challenge.body)}`,
    dns: `TXT ${challenge.body.value}`,
  },
  {
    ...challenge,
    title: 'and clean up',
    path: '/cleanup',
    answer: `200 ${JSON.stringify(challenge.body)}`,
    dns: 'nothing',
  },
  {
    title: 'the longer zone',
    path: '/register_ip',
    from: '192.0.2.9',
    login: bob,
    answer: '200 good 192.0.2.9',
    host: bob.host,
    dns: 'A 192.0.2.9',
  },
]

/**
 * Plays a modem through all steps and ends the server, a printed line for each. Throws at the first one that does not
 * hold; the message says what was expected and what it got.
 */
export async function tellStory({ url, dnsPort, server }: World, signal: AbortSignal): Promise<void> {
  printLine('', { title: '', request: 'request', answer: 'answer', dns: `DNS of ${home.host}` })
  for (const step of steps) {
    const play = async () => ({ answer: await ask(url, step), dns: await lookUp(dnsPort, step.host) })
    const got = await within(play(), `the step "${step.title}"`, signal)
    const request = `${step.path} from ${step.from}`
    const dns = step.host === home.host ? got.dns : `${step.host} ${got.dns}`
    const wrong = [
      ...differs(`${request} is answered`, step.answer, got.answer),
      ...differs(`the DNS of ${step.host}`, step.dns, got.dns),
    ]
    // What was sent comes back: too long for its column.
    const answer = got.answer.replace(/^(\d+) \{.*/s, '$1 {…}')
    printLine(wrong.length === 0 ? '✓' : '✗', { ...step, request, answer, dns })
    if (wrong.length > 0) throw new Error(`${step.title}: ${wrong.join('; ')}`)
  }
  const end = await server.stop()
  const [wrong] = differs('the server ends', 'status 0', end)
  printLine(wrong ? '✗' : '✓', { title: 'the end', request: 'SIGTERM', answer: end, dns: '' })
  if (wrong) throw new Error(wrong)
}

function differs(what: string, expected: string, got: string): string[] {
  return expected === got ? [] : [`${what}: expected ${expected}, got ${got}`]
}

interface Line {
  readonly title: string
  readonly request: string
  readonly answer: string
  readonly dns: string
}

function printLine(mark: string, { title, request, answer, dns }: Line): void {
  const columns = [mark.padEnd(1), title.padEnd(15), request.padEnd(31), answer.padEnd(22), dns]
  process.stdout.write(`${columns.join('  ').trimEnd()}\n`)
}
