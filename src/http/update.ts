import type { Request, RequestHandler } from 'express'
import type { Logger } from 'pino'
import { authenticate } from '../hosts/database.js'
import { parseHostname } from '../net/hostname.js'
import { describeTarget, type UpdateOutcome } from '../registrar/record.js'
import type { Registrar } from '../registrar/registrar.js'
import {
  type Login,
  type LoginOptions,
  type LoginRefusal,
  logIn,
  maskText,
  maskUnknownHost,
} from './authenticate.js'
import { callerOf } from './client-address.js'
import { namedHosts, readParameters } from './parameters.js'
import { logHost, requestIdOf, skipLogLine } from './request-log.js'
import { readRequestedTargets, type TargetsOrRefusal } from './requested-addresses.js'
import { sendText, type TextAnswer } from './respond.js'
import { answerFor, type HostResult, hostResult, tooManyHosts } from './return-codes.js'
import { type ReadLogin, sentBasicLogin } from './sent-login.js'
import type { Tarpit } from './tarpit.js'

/** What the handlers that update need. */
export interface UpdateOptions extends LoginOptions {
  readonly registerHost: RegisterHost
  readonly tarpit: Tarpit
  /** Whether addresses may be published that the internet cannot reach. */
  readonly allowPrivate: boolean
}

/** Registers the caller's own address for the host that it logs in as, whatever the query says. */
export function registerIp(options: UpdateOptions): RequestHandler {
  return requireLogin(options, async (req, { credentials, waitedMs }) => {
    const asked = { id: requestIdOf(req), waitedMs }
    const targets = readRequestedTargets(readParameters(''), callerOf(req), options.allowPrivate)
    return answerFor([hostResult(await options.registerHost(credentials.hostname, targets, asked))])
  })
}

/** Dyn's limit: a request that names more hosts is answered `numhost`. */
const maxHosts = 20

/** Updates the hosts of a dyndns2 request; without any named, the one that it logs in as. */
export function nicUpdate(options: UpdateOptions): RequestHandler {
  return requireLogin(options, async (req, login) => {
    const parameters = parametersOf(req)
    const names = namedHosts(parameters)
    if (names.length > maxHosts) return { ...tooManyHosts, reason: `more than ${maxHosts} hosts are named` }
    const targets = readRequestedTargets(parameters, callerOf(req), options.allowPrivate)
    const asked = { id: requestIdOf(req), waitedMs: login.waitedMs }
    const updateHost = createHostUpdate(options, login, targets, asked)
    return answerFor(
      await Promise.all(names.length > 0 ? names.map(updateHost) : [updateHost(login.credentials.hostname)]),
    )
  })
}

/** How the clients of a protocol log in, and how they are refused. */
export interface LoginManner {
  /** Undefined where the request brings no login. */
  readonly loginOf: (req: Request) => ReadLogin | undefined
  readonly refuse: (refusal: LoginRefusal) => TextAnswer
}

const dyndns2: LoginManner = { loginOf: sentBasicLogin, refuse: ({ answer }) => answer }

/** A handler that answers a request that is logged in with what `update` says, and refuses every other. */
export function requireLogin(
  options: LoginOptions & { readonly tarpit: Tarpit },
  update: (req: Request, login: Login) => Promise<TextAnswer>,
  { loginOf, refuse }: LoginManner = dyndns2,
): RequestHandler {
  return async (req, res) => {
    const login = await logIn(req, options, loginOf(req))
    if (!('refusal' in login)) {
      logHost(res, login.credentials.hostname)
      return sendText(res, await update(req, login))
    }
    const { refusal } = login
    const answer = refuse(login)
    if (refusal === 'locked out') skipLogLine(res)
    if (refusal === 'failed' || refusal === 'locked out') return options.tarpit(res, answer)
    sendText(res, answer)
  }
}

function parametersOf(req: Request): URLSearchParams {
  const query = req.originalUrl.split('?').slice(1).join('?')
  return readParameters(query, typeof req.body === 'string' ? req.body : '')
}

/** A function that updates a host of the request, once however often it is named. */
function createHostUpdate(
  { registerHost, log }: UpdateOptions,
  { credentials, database }: Login,
  targets: TargetsOrRefusal,
  asked: Asked,
) {
  const results = new Map<string, Promise<HostResult>>()
  return async (name: string): Promise<HostResult> => {
    const hostname = parseHostname(name)
    if (!hostname) {
      const who = { host: credentials.hostname, asked: maskText(name) }
      log.warn(who, 'host not updated: this is no full host name')
      return { kind: 'not-yours', text: 'notfqdn' }
    }
    // One household, several names: its token opens every host that has the same.
    if (!authenticate(database, { hostname, token: credentials.token })) {
      const who = { id: asked.id, host: credentials.hostname, asked: maskUnknownHost(hostname, database) }
      log.warn(who, 'host not updated: it is unknown, or its token is another')
      return { kind: 'not-yours', text: 'nohost' }
    }
    const result = results.get(hostname) ?? registerHost(hostname, targets, asked).then(hostResult)
    results.set(hostname, result)
    return result
  }
}

/** The request that a registration is for. */
export interface Asked {
  /** Joins its log lines. */
  readonly id: string | undefined
  /** How long its caller has waited already. */
  readonly waitedMs: number
}

/** Registers the targets of a host and says what became of each record, A before AAAA; a refusal is one outcome. */
export type RegisterHost = (host: string, targets: TargetsOrRefusal, asked: Asked) => Promise<UpdateOutcome[]>

/** A RegisterHost that gives records this TTL and logs a line for each. */
export function createRegisterHost(registrar: Registrar, ttlSeconds: number, log: Logger): RegisterHost {
  return async (host, targets, { id, waitedMs }) => {
    for (const unused of targets.unused) log.info({ id, host, ...unused }, 'address not used')
    if ('refusal' in targets) {
      log.warn({ id, host, outcome: 'refused', reason: targets.refusal }, 'registration')
      return [{ kind: 'refused', reason: targets.refusal }]
    }
    return Promise.all(
      [...targets.targets]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(async ([type, target]) => {
          const startedMs = performance.now()
          const outcome = await registrar.register({ name: host, type, target, ttlSeconds }, waitedMs)
          const { kind, ...details } = outcome
          const ms = Math.round(performance.now() - startedMs)
          const line = { id, host, address: describeTarget(target), outcome: kind, ...details, ms }
          if (kind === 'good' || kind === 'nochg') log.info(line, 'registration')
          else log.warn(line, 'registration')
          return outcome
        }),
    )
  }
}
