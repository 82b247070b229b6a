import type { Request, RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Publish, Registration } from '../events.js'
import { type Call, shortUserAgent } from '../history/history.js'
import { authenticate } from '../hosts/database.js'
import { parseHostname } from '../net/hostname.js'
import { describeTarget, refused, type Target, type UpdateOutcome } from '../registrar/record.js'
import type { Registrar } from '../registrar/registrar.js'
import { callOf, type Login, maskText, maskUnknownHost, withNewestDatabase } from './authenticate.js'
import { callerOf } from './client-address.js'
import { type Explain, forPerson, type HostUpdate } from './navigation.js'
import { namedHosts, readParameters } from './parameters.js'
import { requestIdOf } from './request-id.js'
import { type RequestedTargets, readRequestedTargets, type TargetsOrRefusal } from './requested-addresses.js'
import { type LoginGate, requireLogin } from './require-login.js'
import type { TextAnswer } from './respond.js'
import { answerFor, hostResult, tooManyHosts } from './return-codes.js'
import { sentBasicLogin } from './sent-login.js'

/** What the handlers that update need. */
export interface UpdateOptions extends LoginGate {
  readonly registerHost: RegisterHost
  /** Whether addresses may be published that the internet cannot reach. */
  readonly allowPrivate: boolean
  /** Undefined where there are no pages. */
  readonly explain: Explain | undefined
}

/** Registers the caller's own address for the host that it logs in as, whatever the query says. */
export function registerIp(options: UpdateOptions): RequestHandler {
  return answerUpdate(options, async (req, login) => [await registerCaller(options, req, login)])
}

/** Registers the caller's own address for the host that it logs in as. */
export function registerCaller(
  options: UpdateOptions,
  req: Request,
  { credentials, waitedMs }: Login,
): Promise<HostUpdate> {
  const targets = readRequestedTargets(readParameters(''), callerOf(req), options.allowPrivate)
  return updateHost(options, req, credentials.hostname, targets, waitedMs)
}

/** Dyn's limit: a request that names more hosts is answered `numhost`. */
const maxHosts = 20

/** Updates the hosts of a dyndns2 request; without any named, the one that it logs in as. */
export function nicUpdate(options: UpdateOptions): RequestHandler {
  return answerUpdate(options, async (req, login) => {
    const parameters = parametersOf(req)
    const names = namedHosts(parameters)
    if (names.length > maxHosts) return { ...tooManyHosts, reason: `more than ${maxHosts} hosts are named` }
    const targets = readRequestedTargets(parameters, callerOf(req), options.allowPrivate)
    const updateNamed = createNamedUpdate(options, req, login, targets)
    return Promise.all(names.length > 0 ? names.map(updateNamed) : [updateNamed(login.credentials.hostname)])
  })
}

/** Answers a machine in bare words, and a person by a page. */
function answerUpdate(
  options: UpdateOptions,
  update: (req: Request, login: Login) => Promise<readonly HostUpdate[] | TextAnswer>,
): RequestHandler {
  const { explain } = options
  return requireLogin(
    options,
    async (req, login) => {
      const updates = await update(req, login)
      if ('status' in updates) return forPerson(req, explain)?.status(updates) ?? updates
      const answer = answerFor(updates.map(({ result }) => result))
      return forPerson(req, explain)?.updated(answer, updates) ?? answer
    },
    {
      loginOf: sentBasicLogin,
      refuse: (refusal, req) => forPerson(req, explain)?.refused(refusal) ?? refusal.answer,
    },
  )
}

function parametersOf(req: Request): URLSearchParams {
  const query = req.originalUrl.split('?').slice(1).join('?')
  return readParameters(query, typeof req.body === 'string' ? req.body : '')
}

/** A function that updates a host of the request, once however often it is named. */
function createNamedUpdate(options: UpdateOptions, req: Request, login: Login, targets: TargetsOrRefusal) {
  const { credentials } = login
  const updates = new Map<string, Promise<HostUpdate>>()
  let newest: Promise<Login> | undefined
  /** The login by which a host is judged: one that it does not open waits for the newest database, and no other does. */
  const loginFor = (host: string) => {
    if (opens(login, host)) return login
    newest ??= withNewestDatabase(req, login, options)
    return newest
  }
  return async (name: string): Promise<HostUpdate> => {
    const host = parseHostname(name)
    if (!host) {
      const who = { id: requestIdOf(req), host: credentials.hostname, asked: maskText(name) }
      options.log.warn(who, 'host not updated: this is no full host name')
      return { host: name, result: { kind: 'not-yours', text: 'notfqdn' }, outcomes: [] }
    }
    const judged = await loginFor(host)
    if (!opens(judged, host)) {
      const asked = maskUnknownHost(host, judged.database)
      const who = { id: requestIdOf(req), host: credentials.hostname, asked }
      options.log.warn(who, 'host not updated: it is unknown, or its token is another')
      return { host, result: { kind: 'not-yours', text: 'nohost' }, outcomes: [] }
    }
    const update = updates.get(host) ?? updateHost(options, req, host, targets, judged.waitedMs)
    updates.set(host, update)
    return update
  }
}

/** One household, several names: a token opens every host that has the same. */
function opens({ database, credentials }: Login, hostname: string): boolean {
  return authenticate(database, { hostname, token: credentials.token })
}

/** Registers the targets of a host, and notes in its history what came of it. */
async function updateHost(
  { registerHost, history }: UpdateOptions,
  req: Request,
  host: string,
  targets: TargetsOrRefusal,
  waitedMs: number,
): Promise<HostUpdate> {
  const outcomes = await registerHost(host, targets, {
    id: requestIdOf(req),
    waitedMs,
    userAgent: shortUserAgent(req.headers['user-agent']),
  })
  const asked = 'refusal' in targets ? [] : sorted(targets.targets)
  const wanted = asked.map(([, target]) => describeTarget(target)).join(', ')
  history.noteCall(host, { ...callOf(req), wanted, ...callOutcome(outcomes) })
  for (const [index, [type]] of asked.entries()) {
    const written = outcomes[index]
    if (written?.kind === 'good') history.noteChange(host, { type, address: written.address })
  }
  return { host, result: hostResult(outcomes), outcomes }
}

/** The worst of the outcomes. Why one is unavailable is the owner's to know: it may name their AWS account. */
function callOutcome(outcomes: readonly UpdateOutcome[]): Pick<Call, 'outcome' | 'reason'> {
  const kinds = outcomes.map(({ kind }) => kind)
  if (kinds.includes('unavailable')) return { outcome: 'unavailable' }
  const refused = outcomes.find((outcome) => outcome.kind === 'refused')
  if (refused) return { outcome: 'refused', reason: refused.reason }
  return { outcome: kinds.includes('good') ? 'good' : 'nochg' }
}

/** The request that a registration is for. */
export interface Asked {
  /** Joins its log lines. */
  readonly id: string | undefined
  /** How long its caller has waited already. */
  readonly waitedMs: number
  /** As `shortUserAgent` leaves it. */
  readonly userAgent: string
}

/** Registers the targets of a host and says what became of each record, A before AAAA; a refusal is one outcome. */
export type RegisterHost = (host: string, targets: TargetsOrRefusal, asked: Asked) => Promise<UpdateOutcome[]>

/** A RegisterHost that gives records this TTL, and logs and publishes what becomes of each. */
export function createRegisterHost(
  registrar: Pick<Registrar, 'register'>,
  ttlSeconds: number,
  { log, publish }: { readonly log: Logger; readonly publish: Publish },
): RegisterHost {
  return async (host, targets, { id, waitedMs, userAgent }) => {
    for (const unused of targets.unused) log.info({ id, host, ...unused }, 'address not used')
    if ('refusal' in targets) {
      const outcome = refused('address', targets.refusal)
      log.warn({ id, host, ...describeOutcome(outcome) }, 'registration')
      publish({ ...registration(host, undefined, outcome), ms: waitedMs, userAgent })
      return [outcome]
    }
    return Promise.all(
      sorted(targets.targets).map(async ([type, target]) => {
        const startedMs = performance.now()
        const outcome = await registrar.register({ name: host, type, target, ttlSeconds }, waitedMs)
        const ms = performance.now() - startedMs
        const details = { ...describeOutcome(outcome), ms: Math.round(ms) }
        const line = { id, host, address: describeTarget(target), ...details }
        if (outcome.kind === 'good' || outcome.kind === 'nochg') log.info(line, 'registration')
        else log.warn(line, 'registration')
        publish({ ...registration(host, { type, target }, outcome), ms: waitedMs + ms, userAgent })
        return outcome
      }),
    )
  }
}

/** An outcome as the log has it. */
function describeOutcome({ kind, ...details }: UpdateOutcome): Record<string, unknown> {
  return { outcome: kind, ...details }
}

/** The event of a record that was asked for; undefined: none was. */
function registration(
  host: string,
  asked: { type: 'A' | 'AAAA'; target: Target } | undefined,
  outcome: UpdateOutcome,
): Omit<Registration, 'ms' | 'userAgent'> {
  const wanted = asked?.target.kind === 'address' ? asked.target.address : undefined
  return {
    kind: 'registration',
    host,
    type: asked?.type,
    outcome: outcome.kind,
    address: 'cause' in outcome ? wanted : outcome.address,
    cause: 'cause' in outcome ? outcome.cause : undefined,
  }
}

/** The targets of a request, A before AAAA. */
function sorted(targets: RequestedTargets): ['A' | 'AAAA', Target][] {
  return [...targets].sort(([a], [b]) => a.localeCompare(b))
}
