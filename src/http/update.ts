import type { Request, RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Call } from '../history/history.js'
import { authenticate } from '../hosts/database.js'
import { parseHostname } from '../net/hostname.js'
import { describeTarget, type UpdateOutcome } from '../registrar/record.js'
import type { Registrar } from '../registrar/registrar.js'
import { callOf, type Login, type LoginOptions, logIn, maskUnknownHost } from './authenticate.js'
import { callerOf } from './client-address.js'
import { skipLogLine } from './request-log.js'
import { type RequestedTargets, readRequestedTargets, type TargetsOrRefusal } from './requested-addresses.js'
import { sendText, type TextAnswer } from './respond.js'
import { answerFor, type HostResult, hostResult, tooManyHosts } from './return-codes.js'
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
  return requireLogin(options, async (req, { credentials }) => {
    const targets = readRequestedTargets(new URLSearchParams(), callerOf(req), options.allowPrivate)
    return answerFor([hostResult(await updateHost(options, req, credentials.hostname, targets))])
  })
}

/** Dyn's limit: a request that names more hosts is answered `numhost`. */
const maxHosts = 20

/** Updates the hosts of a dyndns2 request; without any named, the one that it logs in as. */
export function nicUpdate(options: UpdateOptions): RequestHandler {
  return requireLogin(options, async (req, login) => {
    const parameters = readParameters(req)
    const names = (parameters.get('hostname') ?? '').split(',').filter((name) => name.trim() !== '')
    if (names.length > maxHosts) return tooManyHosts
    const targets = readRequestedTargets(parameters, callerOf(req), options.allowPrivate)
    const updateNamed = createNamedUpdate(options, req, login, targets)
    return answerFor(
      await Promise.all(
        names.length > 0 ? names.map(updateNamed) : [updateNamed(login.credentials.hostname)],
      ),
    )
  })
}

/** A handler that answers a request that is logged in with what `update` says, and refuses every other. */
export function requireLogin(
  options: UpdateOptions,
  update: (req: Request, login: Login) => Promise<TextAnswer>,
): RequestHandler {
  return async (req, res) => {
    const login = logIn(req, options)
    if (!('refusal' in login)) return sendText(res, await update(req, login))
    const { refusal, answer } = login
    if (refusal === 'locked out') skipLogLine(res)
    if (refusal === 'failed' || refusal === 'locked out') return options.tarpit(res, answer)
    sendText(res, answer)
  }
}

/** The query's parameters before those of a form in the body; of a repeated one, the first counts. */
function readParameters(req: Request): URLSearchParams {
  const query = req.originalUrl.split('?').slice(1).join('?')
  const form = typeof req.body === 'string' ? req.body : ''
  return new URLSearchParams(`${query}&${form}`)
}

/** A function that updates a host of the request, once however often it is named. */
function createNamedUpdate(options: UpdateOptions, req: Request, login: Login, targets: TargetsOrRefusal) {
  const { credentials, database } = login
  const results = new Map<string, Promise<HostResult>>()
  return async (name: string): Promise<HostResult> => {
    const hostname = parseHostname(name)
    if (!hostname) return { kind: 'not-yours', text: 'notfqdn' }
    // One household, several names: its token opens every host that has the same.
    if (!authenticate(database, { hostname, token: credentials.token })) {
      const who = { host: credentials.hostname, asked: maskUnknownHost(hostname, database) }
      options.log.warn(who, 'host not updated: it is unknown, or its token is another')
      return { kind: 'not-yours', text: 'nohost' }
    }
    const result = results.get(hostname) ?? updateHost(options, req, hostname, targets).then(hostResult)
    results.set(hostname, result)
    return result
  }
}

/** Registers the targets of a host, and notes in its history what came of it. */
async function updateHost(
  { registerHost, history }: UpdateOptions,
  req: Request,
  host: string,
  targets: TargetsOrRefusal,
): Promise<UpdateOutcome[]> {
  const outcomes = await registerHost(host, targets)
  const asked = 'refusal' in targets ? [] : sorted(targets)
  const wanted = asked.map(([, target]) => describeTarget(target)).join(', ')
  history.noteCall(host, { ...callOf(req), wanted, ...callOutcome(outcomes) })
  for (const [index, [type]] of asked.entries()) {
    const written = outcomes[index]
    if (written?.kind === 'good') history.noteChange(host, { type, address: written.address })
  }
  return outcomes
}

/** The worst of the outcomes. Why one is unavailable is the owner's to know: it may name their AWS account. */
function callOutcome(outcomes: readonly UpdateOutcome[]): Pick<Call, 'outcome' | 'reason'> {
  const kinds = outcomes.map(({ kind }) => kind)
  if (kinds.includes('unavailable')) return { outcome: 'unavailable' }
  const refused = outcomes.find((outcome) => outcome.kind === 'refused')
  if (refused) return { outcome: 'refused', reason: refused.reason }
  return { outcome: kinds.includes('good') ? 'good' : 'nochg' }
}

/** Registers the targets of a host and says what became of each record, A before AAAA; a refusal is one outcome. */
export type RegisterHost = (host: string, targets: TargetsOrRefusal) => Promise<UpdateOutcome[]>

/** A RegisterHost that gives records this TTL and logs a line for each. */
export function createRegisterHost(
  registrar: Pick<Registrar, 'register'>,
  ttlSeconds: number,
  log: Logger,
): RegisterHost {
  return async (host, targets) => {
    if ('refusal' in targets) {
      log.warn({ host, outcome: 'refused', reason: targets.refusal }, 'registration')
      return [{ kind: 'refused', reason: targets.refusal }]
    }
    return Promise.all(
      sorted(targets).map(async ([type, target]) => {
        const startedMs = performance.now()
        const outcome = await registrar.register({ name: host, type, target, ttlSeconds })
        const { kind, ...details } = outcome
        const ms = Math.round(performance.now() - startedMs)
        const line = { host, address: describeTarget(target), outcome: kind, ...details, ms }
        if (kind === 'good' || kind === 'nochg') log.info(line, 'registration')
        else log.warn(line, 'registration')
        return outcome
      }),
    )
  }
}

/** A before AAAA. */
function sorted(targets: RequestedTargets) {
  return [...targets].sort(([a], [b]) => a.localeCompare(b))
}
