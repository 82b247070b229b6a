import type { Request, RequestHandler } from 'express'
import { authenticate } from '../hosts/database.js'
import { parseHostname } from '../net/hostname.js'
import { type Login, loggable } from './authenticate.js'
import { caller } from './client-address.js'
import { readWants, type WantsOrRefusal } from './requested-addresses.js'
import { answerFor, type HostLine, hostLine, tooManyHosts } from './return-codes.js'
import { afterLogin, type UpdateOptions } from './update.js'

/** As Dyn documented it: more are answered `numhost`. */
const maxHosts = 20

/** Updates the hosts of a dyndns2 request; without any named, the one that it logs in as. */
export function nicUpdate(options: UpdateOptions): RequestHandler {
  return afterLogin(options, async (req, login) => {
    const parameters = readParameters(req)
    const names = (parameters.get('hostname') ?? '').split(',').filter((name) => name.trim() !== '')
    if (names.length > maxHosts) return tooManyHosts
    const wants = readWants(parameters, caller(req), options.allowPrivate)
    const update = createHostUpdate(options, login, wants)
    return answerFor(
      await Promise.all(names.length > 0 ? names.map(update) : [update(login.credentials.hostname)]),
    )
  })
}

/** A function that updates a host of the request, once however often it is named. */
function createHostUpdate({ register, log }: UpdateOptions, login: Login, wants: WantsOrRefusal) {
  const { credentials, database } = login
  const lines = new Map<string, Promise<HostLine>>()
  return async (name: string): Promise<HostLine> => {
    const hostname = parseHostname(name)
    if (!hostname) return { kind: 'not-yours', text: 'notfqdn' }
    // One household, several names: its token opens every host that has the same.
    if (!authenticate(database, { hostname, token: credentials.token })) {
      const who = { host: credentials.hostname, asked: loggable(hostname, database) }
      log.warn(who, 'host not updated: it is unknown, or its token is another')
      return { kind: 'not-yours', text: 'nohost' }
    }
    const line = lines.get(hostname) ?? register(hostname, wants).then(hostLine)
    lines.set(hostname, line)
    return line
  }
}

/** The query's parameters before those of a form in the body; of a repeated one, the first counts. */
function readParameters(req: Request): URLSearchParams {
  const query = req.originalUrl.split('?').slice(1).join('?')
  const form = typeof req.body === 'string' ? req.body : ''
  return new URLSearchParams(`${query}&${form}`)
}
