import type { UpdateOutcome } from '../dns/record.js'
import type { TextAnswer } from './text.js'

/**
 * An outcome in the words of the dyndns2 protocol, and in these alone. Trouble is a 5xx: clients take other statuses
 * for success or stop for good.
 */
export function outcomeAnswer(outcome: UpdateOutcome): TextAnswer {
  switch (outcome.kind) {
    case 'good':
    case 'nochg':
      return { status: 200, body: `${outcome.kind} ${outcome.address}` }
    case 'refused':
      return { status: 500, body: 'dnserr' }
    case 'unavailable':
      return tryLater
  }
}

/** Nothing is known to be done: ask again. */
export const tryLater: TextAnswer = { status: 503, body: '911' }

/** Asks for credentials: browsers prompt, wget and uclient-fetch only now send theirs. */
export const badAuth: TextAnswer = {
  status: 401,
  body: 'badauth',
  headers: { 'WWW-Authenticate': 'Basic realm="dyndns53"' },
}
