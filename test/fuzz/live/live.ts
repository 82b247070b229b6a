import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type FuzzProperty, inPortions } from '../property.js'
import { parseAnswers, type WireAnswer } from './answers.js'
import { examples } from './examples.js'
import { cleanRequest, hostsOfChallenge, loginsIn, openedBy } from './expected.js'
import { type Front, foreignText, type House, logins, openHouse, writable } from './house.js'
import { judgeAnswer, judgeClean } from './judge.js'
import { connections } from './requests.js'
import { talk } from './talk.js'
import { piecesOf, type WireConnection } from './wire.js'

/** Connections that are open at the same time. */
const atOnce = 6
/** Batches before others get a turn. */
const portion = 50

/** Whatever is sent to the server, in front of which there is this. */
export function liveProperty(front: Front): FuzzProperty {
  return {
    name: `live, ${front === 'heroku' ? 'as on Heroku' : 'with nothing in front'}`,
    cases: 500,
    async run(seed, cases, signal) {
      const house = await openHouse(front)
      try {
        const batches = fc.array(connections, { minLength: 1, maxLength: atOnce })
        const property = fc.asyncProperty(batches, (batch) => judgeBatch(house, batch))
        return await inPortions(portion, seed, cases, signal, (parameters) =>
          fc.assert(property, { ...parameters, examples }),
        )
      } finally {
        await house.close()
      }
    },
  }
}

/** Sends a batch, and throws unless every answer, the zone, the log and the process are as they should be. */
async function judgeBatch(house: House, batch: readonly WireConnection[]): Promise<void> {
  const port = await house.port()
  const before = house.records()
  await Promise.all(batch.map((connection) => judgeConnection(port, connection, house.front)))
  await house.settle()
  const sent = batch.map((connection) => piecesOf(connection).join('')).join('\n')
  judgeZone(before, house.records(), sent)
  judgeLog(house.printed(), sent)
}

async function judgeConnection(port: number, connection: WireConnection, front: Front): Promise<void> {
  const pieces = piecesOf(connection)
  const request = cleanRequest(connection)
  const received = await talk(port, pieces, request && ((text) => answerCount(text) > 0))
  try {
    const answers = parseAnswers(received)
    for (const answer of answers) judgeAnswer(answer)
    if (!request) return
    assert.equal(answers.length, 1, 'a clean request has one answer')
    judgeClean(request, answers[0] as WireAnswer, front)
  } catch (error) {
    throw new Error(`${JSON.stringify(pieces.join(''))}\ngot ${JSON.stringify(received)}`, { cause: error })
  }
}

/** How many whole answers have come. */
function answerCount(received: string): number {
  try {
    return parseAnswers(received).filter(({ headers, body }) => {
      const length = Number(headers.get('content-length') ?? 0)
      return body.length === length || body === ''
    }).length
  } catch {
    return 0
  }
}

/** Only hosts that somebody logged in for have changed, to a simple address record. */
function judgeZone(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  sent: string,
): void {
  const opened = new Set(loginsIn(sent).flatMap(openedBy))
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(key) === after.get(key)) continue
    const [name = '', type = ''] = key.replace('\\052', '*').split(' ')
    const what = `${key} went from ${before.get(key)} to ${after.get(key)}`
    const hosts = type === 'TXT' ? hostsOfChallenge(name) : [name]
    assert.ok(
      hosts.some((host) => opened.has(host) && writable.has(host)),
      `nobody asked for it, but ${what}: ${JSON.stringify(sent)}`,
    )
    if (type === 'TXT') {
      judgeChallenge(before.get(key), after.get(key), what)
      continue
    }
    assert.match(type, /^A(AAA)?$/, what)
    const { ttl, values } = JSON.parse(after.get(key) ?? '{"ttl":60,"values":["none"]}')
    assert.deepEqual([ttl, values.length], [60, 1], what)
  }
}

/** Challenges and nothing else came or went: what somebody else has put there stays. */
function judgeChallenge(before: string | undefined, after: string | undefined, what: string): void {
  const [old, now] = [before, after].map((text): { ttl: number; values: string[] } =>
    JSON.parse(text ?? '{"ttl":60,"values":[]}'),
  )
  assert.ok(old && now && now.ttl === 60 && now.values.length <= 8, what)
  assert.equal(now.values.includes(foreignText), old.values.includes(foreignText), what)
  for (const value of now.values) if (value !== foreignText) assert.match(value, /^"[\w-]{43}"$/, what)
}

/** The tokens as JSON spells them. */
const tokens = logins.map(({ token }) => JSON.stringify(token).slice(1, -1))

/** The log is JSON lines without an error, a stack, a token or what was sent as a login. */
function judgeLog(printed: string, sent: string): void {
  for (const line of printed.split('\n').filter(Boolean)) {
    assert.match(line, /^\{"level":[34]0,.*\}$/, `the server printed ${line}`)
  }
  const credentials = [...sent.matchAll(/\bbasic +([\w+/=-]{16,})/gi)].map(([, text = '']) => text)
  for (const secret of [...tokens, ...credentials]) assert.ok(!printed.includes(secret), `printed ${secret}`)
}
