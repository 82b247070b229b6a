import type { Account, ZoneHosts } from '../account.js'
import { firstFew } from '../lists.js'
import { neededGrant, probeWrite } from '../write-probe.js'
import { type Finding, failed, findings, ok, skipped, type Verdict, warning } from './finding.js'

/** Whether the key may write, tried at one host of each zone by a change that Route 53 never makes. */
export async function checkPermission(zones: readonly ZoneHosts[], account: Account): Promise<Finding[]> {
  const allowed: string[] = []
  const verdicts = await Promise.all(
    zones.map(async ({ zone, names }): Promise<Verdict[]> => {
      const [name = zone.name] = names
      const permission = await probeWrite(account, zone, [name])
      const where = `${name} in the zone ${zone.name} (${zone.id})`
      switch (permission.kind) {
        case 'allowed':
          allowed.push(name)
          return []
        case 'denied':
          return permission.ipv4Only
            ? [warning(`the AWS key may write the A record of ${where}, but no AAAA record: ${neededGrant}`)]
            : [failed(`the AWS key may not write the addresses of ${where}: ${neededGrant}`)]
        case 'unknown':
          return [skipped(`whether the AWS key may write at ${where}: ${permission.reason}`)]
      }
    }),
  )
  const found = verdicts.flat()
  if (allowed.length > 0) {
    found.push(ok(`the AWS key may write at ${firstFew(allowed)}, tried at one host of each zone`))
  }
  return findings('permission', found, 'zone')
}
