import type { HostHistory } from '../../history/history.js'
import { type Address, isHost, isPublic, reachOf } from '../../net/ip-address.js'
import type { NameServerAnswers } from '../../net/name-servers.js'
import type { Look } from '../../registrar/look.js'
import { decide } from '../../registrar/record.js'

/** All that is known of a host at one moment. */
export interface HostStatus {
  readonly host: string
  /** Where the request comes from that asks. */
  readonly caller: Address | undefined
  /** Whether addresses are published that the internet cannot reach. */
  readonly allowPrivate: boolean
  /** What Route 53 holds. */
  readonly look: Look
  /** What the name servers answer. */
  readonly nameServers: NameServerAnswers
  readonly history: HostHistory
}

/** Whether a host's name follows its caller, and what to do if not. */
export interface Assessment {
  readonly state: State
  /** One sentence, or two. */
  readonly sentence: string
  /** Empty where there is nothing to do. */
  readonly advice: string
}

/** `follows`: it does; `waiting`: not yet, or not known; `trouble`: it cannot, as things stand. */
export type State = 'follows' | 'waiting' | 'trouble'

const askOwner = 'Tell the owner of this service'

/** Judges by the caller's address family alone: the other one may belong to another line. */
export function assess(status: HostStatus): Assessment {
  const { host, caller, allowPrivate, look } = status
  if (look.kind === 'none')
    return { state: 'trouble', sentence: sentenceOf(look.reason), advice: `${askOwner}.` }
  if (!caller) {
    const advice = `${askOwner}: DYNDNS_TRUST_PROXY must say what is in front of it.`
    return { state: 'waiting', sentence: 'Your address does not arrive here.', advice }
  }
  if (!isPublic(caller) && !(allowPrivate && isHost(caller))) return notPublishable(caller)
  if (look.kind === 'unknown') return byNameServersAlone(status, caller, look.reason)
  const type = caller.family === 4 ? 'A' : 'AAAA'
  const target = { kind: 'address', address: caller.text } as const
  const held = look[type]
  // Its TTL is not what the page is about.
  const ttlSeconds = held.recordSets.find((set) => set.type === type)?.ttlSeconds ?? 0
  const decision = decide({ name: host, type, target, ttlSeconds }, held)
  switch (decision.kind) {
    case 'refused':
      return { state: 'trouble', sentence: sentenceOf(decision.reason), advice: `${askOwner}.` }
    case 'same':
      return byNameServers(status, caller)
    case 'swap':
      return notHeld(status, caller, decision.held?.values[0])
  }
}

function notPublishable(caller: Address): Assessment {
  const reach = reachOf(caller)
  const what =
    reach === 'shared' ? 'shared by many households' : reach === 'private' ? 'private' : 'for special use'
  return {
    state: 'waiting',
    sentence: `Your address ${caller.text} is ${what}: nobody outside could reach it, so it is not registered.`,
    advice: 'Open this page from the network that the name shall lead to, by its public address.',
  }
}

/** Route 53 holds the caller's address: do its name servers say so? */
function byNameServers({ host, nameServers }: HostStatus, caller: Address): Assessment {
  if (nameServers.kind === 'silent') {
    return {
      state: 'waiting',
      sentence: `Route 53 holds your address, but its name servers could not be asked: ${nameServers.reason}.`,
      advice: `Look again in a minute. If it stays so, ${askOwner.toLowerCase()}: dyndns53 doctor says more.`,
    }
  }
  const { answers } = nameServers
  const right = answers.filter((answer) => saysOnly(answer, caller)).length
  if (right === answers.length) {
    return { state: 'follows', sentence: `${host} leads to the address that you have now.`, advice: '' }
  }
  return {
    state: 'waiting',
    sentence: `Route 53 holds your address, and ${right} of ${answers.length} name servers answer it.`,
    advice: `Route 53 takes up to a minute. If it stays so, ${askOwner.toLowerCase()}: dyndns53 doctor says more.`,
  }
}

function byNameServersAlone({ host, nameServers }: HostStatus, caller: Address, reason: string): Assessment {
  const isRight =
    nameServers.kind === 'answered' && nameServers.answers.every((answer) => saysOnly(answer, caller))
  if (isRight) {
    return {
      state: 'follows',
      sentence: `All name servers answer ${host} with the address that you have now.`,
      advice: '',
    }
  }
  return { state: 'waiting', sentence: sentenceOf(reason), advice: 'Look again in a minute.' }
}

function saysOnly(
  answer: { readonly A: readonly string[]; readonly AAAA: readonly string[] },
  caller: Address,
): boolean {
  const said = caller.family === 4 ? answer.A : answer.AAAA
  return said.length === 1 && said[0] === caller.text
}

/** Route 53 holds another address, or none. */
function notHeld({ host, history }: HostStatus, caller: Address, held: string | undefined): Assessment {
  const latest = history.calls.find(({ outcome }) => outcome !== 'wrong-token')
  const asked = latest?.wanted.split(', ').includes(caller.text) ? latest : undefined
  if (asked?.outcome === 'unavailable') {
    const sentence = 'Route 53 has not taken your address yet: it is still being tried.'
    return { state: 'waiting', sentence, advice: 'Look again in a minute.' }
  }
  if (asked?.outcome === 'refused') {
    return {
      state: 'trouble',
      sentence: sentenceOf(asked.reason ?? 'it was refused'),
      advice: `${askOwner}.`,
    }
  }
  const kind = `IPv${caller.family}`
  if (held === undefined) {
    const sentence = `${host} has no ${kind} address yet.`
    return {
      state: 'waiting',
      sentence,
      advice: 'If you are where the name shall lead to, register the address you have now.',
    }
  }
  return {
    state: 'waiting',
    sentence: `${host} leads to ${held}, and you call from ${caller.text}.`,
    advice:
      'If you are where the name shall lead to, register the address you have now. If you are elsewhere, all is well.',
  }
}

/** A reason of the log as a sentence. */
function sentenceOf(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1).replace(/\.$/, '')}.`
}
