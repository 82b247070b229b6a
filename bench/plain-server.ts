import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53'
import basicAuth from 'basic-auth'

// The plain way to write such a service, for comparison: each request makes its own calls, one to read and one to
// write, with the AWS SDK's defaults. Run by the bench with PLAIN_ZONE_ID; sends its port to the parent process.
// Spared it: a host database, a zone list, a log.

const zoneId = process.env['PLAIN_ZONE_ID']
const client = new Route53Client({ region: 'us-east-1' })

async function register(req: IncomingMessage): Promise<string> {
  const name = `${basicAuth(req)?.name}.`
  const address = String(req.headers['x-forwarded-for'])
  const read = new ListResourceRecordSetsCommand({
    HostedZoneId: zoneId,
    StartRecordName: name,
    StartRecordType: 'A',
    MaxItems: 1,
  })
  const [held] = (await client.send(read)).ResourceRecordSets ?? []
  const isHeld = held?.Name === name && held.Type === 'A' && held.ResourceRecords?.[0]?.Value === address
  if (isHeld) return `nochg ${address}`
  const record = { Name: name, Type: 'A' as const, TTL: 60, ResourceRecords: [{ Value: address }] }
  const change = new ChangeResourceRecordSetsCommand({
    HostedZoneId: zoneId,
    ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet: record }] },
  })
  await client.send(change)
  return `good ${address}`
}

const server = createServer(async (req, res) => {
  try {
    res.end(await register(req))
  } catch {
    res.writeHead(503).end('911')
  }
})
server.listen({ port: 0, backlog: 4096 }, () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())
