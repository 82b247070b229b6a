import type { Request } from 'express'
import type { History } from '../../history/history.js'
import type { AskNameServers, NameServerAnswers } from '../../net/name-servers.js'
import type { Look } from '../../registrar/look.js'
import type { Registrar } from '../../registrar/registrar.js'
import { callerOf } from '../client-address.js'
import type { HostStatus } from './assess.js'

/** What the status of a host is made of. */
export interface StatusOptions {
  readonly registrar: Pick<Registrar, 'look'>
  readonly askNameServers: AskNameServers
  readonly history: History
  readonly allowPrivate: boolean
}

/** Finds out all that is known of a host, as the caller of a request sees it; takes 4 s at the most. */
export type ReadStatus = (req: Request, host: string) => Promise<HostStatus>

/** A page is not worth waiting longer for. */
const lookTimeoutMs = 4000

/** A ReadStatus; who asks of the same host while an answer is on its way gets that one. */
export function createReadStatus({
  registrar,
  askNameServers,
  history,
  allowPrivate,
}: StatusOptions): ReadStatus {
  // Owned here: what is being asked, by host. An entry ends with its answer; bounded by the connections.
  const running = new Map<string, Promise<readonly [Look, NameServerAnswers]>>()

  function find(host: string): Promise<readonly [Look, NameServerAnswers]> {
    const known = running.get(host)
    if (known) return known
    const found = Promise.all([within(registrar.look(host)), askNameServers(host)]).finally(() =>
      running.delete(host),
    )
    running.set(host, found)
    return found
  }

  return async (req, host) => {
    const [look, nameServers] = await find(host)
    return {
      host,
      caller: callerOf(req).address,
      allowPrivate,
      look,
      nameServers,
      history: await history.read(host),
    }
  }
}

function within(look: Promise<Look>): Promise<Look> {
  return new Promise((resolve, reject) => {
    const late: Look = { kind: 'unknown', reason: 'Route 53 does not answer just now' }
    const timer = setTimeout(() => resolve(late), lookTimeoutMs)
    look.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
