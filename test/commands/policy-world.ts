import { expect } from 'vitest'
import { type ProcessWorld, type ProcessWorldOptions, startProcessWorld } from '../support/processes.js'
import type { Policy } from './iam-evaluator.js'

/** One of each kind: in a zone and in one that lies within it, an apex, a wildcard, in any spelling. */
export const csv = `hostname,token
home.example.com,T0KEN-of-all-of-them
HOME2.example.com.,T0KEN-of-all-of-them
*.dyn.example.com,T0KEN-of-all-of-them
münchen.example.com,T0KEN-of-all-of-them
a_b.sub.example.com,T0KEN-of-all-of-them
example.net,T0KEN-of-all-of-them
`
/** The names in it, in canonical spelling. */
export const hosts = [
  'home.example.com',
  'home2.example.com',
  '*.dyn.example.com',
  'xn--mnchen-3ya.example.com',
  'a_b.sub.example.com',
  'example.net',
]

/** A world with that database, its three zones, and `other`, in which no host lies. */
export async function createPolicyWorld(options: ProcessWorldOptions = {}) {
  const world = await startProcessWorld({ csv, ...options })
  const [com, sub, net, other] = ['example.com', 'sub.example.com', 'example.net', 'example.org'].map(
    (name) => world.route53.model.addZone({ name }),
  )
  if (!com || !sub || !net || !other) throw new Error('four zones')
  return Object.assign(world, { com, sub, net, other })
}

/** What `iam-policy` prints with these arguments and this change of the environment. */
export async function policyOf(
  world: ProcessWorld,
  args: readonly string[] = [],
  change = {},
): Promise<Policy> {
  const { status, stdout, stderr } = await world.run(['iam-policy', ...args], change)
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(stdout.toString() + stderr).not.toMatch(/T0KEN|S3CR3T|AKIA/)
  return JSON.parse(stdout.toString())
}
