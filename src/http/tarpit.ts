import { setTimeout as sleep } from 'node:timers/promises'
import type { Response } from 'express'
import { latestOn } from './last-response.js'
import { sendText, type TextAnswer } from './respond.js'
import { createTurns } from './turns.js'

/**
 * Sends the answer to a failed login when its turn has come, and ends the connection; where too many wait, ends it at
 * once. A flood that waits for answers, over however many connections, is then no faster than these, and leaves the
 * machine to those who log in right.
 */
export type Tarpit = (res: Response, answer: TextAnswer) => Promise<void>

/** Whoever waits takes a connection that others may need: no longer than this, in milliseconds. */
const maxWaitMs = 5000

/** A tarpit in which nobody waits yet, and that answers so many in a second. */
export function createTarpit(perSecond: number): Tarpit {
  const takeTurn = createTurns({ perSecond, maxWaitMs })
  return async (res, answer) => {
    const { socket } = res.req
    const waitMs = takeTurn()
    // Once all is parsed that has come so far: a response that waited would hold those behind it, thousands in a packet.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    if (latestOn(socket) !== res) return sendText(res, answer)
    // A response has the socket once no answer before it is due any more.
    if (waitMs === undefined && res.socket) {
      socket.destroy()
      return
    }
    if (waitMs) {
      // What the client sends meanwhile stays with it.
      socket.pause()
      await sleep(waitMs, undefined, { ref: false })
    }
    sendText(res, { ...answer, headers: { ...answer.headers, Connection: 'close' } })
  }
}
