import type { Address } from '../net/ip-address.js'
import { networkKey } from './lockout.js'

/**
 * Bounds the requests that wait for the host database, whose logins cannot be judged yet. A place is taken until the wait
 * is over, even where the connection is lost, and no longer: so a stranger can keep others out of neither all places
 * (but from very many addresses) nor any of them for ever.
 */
export interface WaitingRoom {
  /** Takes a place; the function returned gives it back. Undefined where none is free for this caller. */
  enter(from: Address | undefined): (() => void) | undefined
}

/** At most this many requests wait at once, of the 8,000 connections that there may be. */
const maxWaiting = 2000
/**
 * At most this many of them are from one IPv4 address or IPv6 /64: a household, or a few behind one carrier's NAT. As many
 * as may fail to log in from there. Callers without an address count as one.
 */
const maxOfOneCaller = 20

/** A waiting room in which nobody waits yet. */
export function createWaitingRoom(): WaitingRoom {
  // Owned here: how many wait, by caller; changed as they come and go, at most `maxWaiting` in all.
  const waiting = new Map<string, number>()
  let inAll = 0
  return {
    enter(from) {
      const key = from ? networkKey(from) : ''
      const ofCaller = waiting.get(key) ?? 0
      if (inAll >= maxWaiting || ofCaller >= maxOfOneCaller) return undefined
      waiting.set(key, ofCaller + 1)
      inAll++
      return () => {
        const left = (waiting.get(key) ?? 1) - 1
        if (left > 0) waiting.set(key, left)
        else waiting.delete(key)
        inAll--
      }
    },
  }
}
