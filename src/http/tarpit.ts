import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Response } from 'express'
import { sendText, type TextAnswer } from './text.js'
import { createTurns } from './turns.js'

/**
 * Where failed logins wait for their answers when there are many. A flood that waits for answers, over however many
 * connections, is then no faster than these, and leaves the machine to those who log in right.
 */
export interface Tarpit {
  /** Sends the answer when its turn has come, and hangs up; hangs up at once where too many wait. */
  refuse(res: Response, answer: TextAnswer): Promise<void>
  /** Whether this connection is to be hung up on: what else comes over it is not looked at. */
  holds(socket: Socket): boolean
}

/** Whoever waits takes a connection that others may need: no longer than this, in milliseconds. */
const maxWaitMs = 5000

/** A tarpit that holds nobody yet, and answers so many in a second. */
export function createTarpit(perSecond: number): Tarpit {
  const held = new WeakSet<Socket>()
  const takeTurn = createTurns({ perSecond, maxWaitMs })
  return {
    async refuse(res, answer) {
      const { socket } = res.req
      held.add(socket)
      const waitMs = takeTurn()
      if (waitMs === undefined) {
        socket.destroy()
        return
      }
      if (waitMs > 0) {
        // What the client sends meanwhile stays with it.
        socket.pause()
        await sleep(waitMs, undefined, { ref: false })
      }
      sendText(res, { ...answer, headers: { ...answer.headers, Connection: 'close' } })
    },
    holds: (socket) => held.has(socket),
  }
}
