import type { Zone } from '../../emulators/route53/zone.js'
import type { S3EmulatorOptions } from '../../emulators/s3/emulator.js'
import { type ProcessWorld, startProcessWorld } from '../support/processes.js'
import type { Login } from '../support/request.js'

export type { Running } from '../support/processes.js'

/** Hosts enough for a load. */
export const logins: readonly Login[] = Array.from({ length: 20 }, (_, index) => ({
  user: `h${index}.example.com`,
  token: `token-${index}`,
}))

/** What the built server stands on, behind one proxy that the test plays; it may be started there again and again. */
export interface Ground extends ProcessWorld {
  /** The hosted zone example.com. */
  readonly zone: Zone
}

/** Runs a test on a ground of its own, and ends whatever the test has started there. */
export async function onGround(
  test: (ground: Ground) => Promise<void>,
  s3?: S3EmulatorOptions,
): Promise<void> {
  const csv = logins.map(({ user, token }) => `${user},${token}\n`).join('')
  const world = await startProcessWorld({ s3, csv, env: { DYNDNS_TRUST_PROXY: '1' } })
  try {
    await test(Object.assign(world, { zone: world.route53.model.addZone({ name: 'example.com' }) }))
  } finally {
    await world.close()
  }
}
