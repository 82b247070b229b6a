import { afterAll, describe } from 'vitest'
import type { FaultKind } from '../../emulators/faults.js'
import { closeProcessWorlds } from '../support/processes.js'
import { type DoctorWorld, type Expected, itFinds, skipped } from './doctor-world.js'

afterAll(closeProcessWorlds)

const nowhere = 'http://127.0.0.1:9'
const needHosts = ['host zones', 'record list', 'records', 'permission', 'delegation', 'leftovers']

/** What cannot be looked at by somebody whom AWS does not know, or in another time. */
const withoutAccess = (reason: RegExp): Expected[] => [
  ...skipped(['bucket'], reason),
  ...skipped(['rows'], /the database must be readable first/),
  ...skipped(['zone list'], reason),
  ...skipped(needHosts, /the database must be readable and the zones listed first/),
]
const unknown = /AWS must know the credentials first/

const refusal = (code: string): FaultKind => ({ kind: 'refuse', status: 403, code, message: 'S3CR3T' })
const both = (world: DoctorWorld, fault: FaultKind) => {
  world.s3.inject({ ...fault, times: 9 })
  world.route53.inject({ ...fault, times: 9 })
}

/** Every call is refused by a service whose clock is `aheadSeconds` ahead of this machine's. */
const refuseAt = (code: string, aheadSeconds: number) => (world: DoctorWorld) => {
  const date = new Date(Date.now() + aheadSeconds * 1000).toUTCString()
  const error = `<Code>${code}</Code><Message>S3CR3T</Message>`
  const xml = { date, 'content-type': 'application/xml' }
  world.s3.inject({ kind: 'raw', status: 403, headers: xml, body: `<Error>${error}</Error>`, times: 9 })
  const body = `<ErrorResponse><Error>${error}</Error></ErrorResponse>`
  world.route53.inject({ kind: 'raw', status: 403, headers: xml, body, times: 99 })
}

/** The database comes from a service whose clock is `aheadSeconds` ahead. */
const answerAt = (aheadSeconds: number) => (world: DoctorWorld) => {
  const date = new Date(Date.now() + aheadSeconds * 1000).toUTCString()
  const body = 'home.example.com,T0KEN-that-is-long-enough\n'
  world.s3.inject({ kind: 'raw', status: 200, headers: { date, etag: '"1"' }, body })
}

describe.concurrent('doctor, configuration', () => {
  itFinds({
    'what has nothing to do with AWS stops nothing': {
      change: { PORT: 'x', DYNDNS_TTL: '-1' },
      findings: [
        ['failed', 'configuration', /PORT is "x": it takes a whole number/],
        ['failed', 'configuration', /DYNDNS_TTL is "-1": it takes/],
      ],
    },
    'what is missing stops all': {
      change: { DYNDNS_BUCKET: '', DYNDNS_DATABASE: '', DYNDNS_TTL: 'x', AWS_SECRET_ACCESS_KEY: '' },
      findings: [
        ['failed', 'configuration', /AWS_SECRET_ACCESS_KEY is not set/],
        ['failed', 'configuration', /DYNDNS_BUCKET is not set/],
        ['failed', 'configuration', /DYNDNS_DATABASE is not set/],
        ['failed', 'configuration', /DYNDNS_TTL is "x"/],
        ...skipped(['credentials', 'bucket', 'rows', 'zone list'], /the configuration must be mended first/),
        ...skipped([...needHosts, 'clock'], /the configuration must be mended first/),
      ],
    },
  })
})

describe.concurrent('doctor, credentials', () => {
  itFinds({
    none: {
      change: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      findings: [
        ['failed', 'credentials', /no AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
        ...withoutAccess(unknown),
        ...skipped(['clock'], /no answer/),
      ],
    },
    'an unknown key': {
      options: { s3: { accessKeyId: 'AKIAOTHER' }, route53: { accessKeyId: 'AKIAOTHER' } },
      findings: [
        ['failed', 'credentials', /AWS does not know the access key; check AWS_ACCESS_KEY_ID/],
        ...withoutAccess(unknown),
      ],
    },
    'a key that only S3 knows': {
      options: { route53: { accessKeyId: 'AKIAOTHER' } },
      findings: [
        [
          'failed',
          'credentials',
          /Route 53 does not accept the AWS credentials \(InvalidClientTokenId\): check/,
        ],
        ...skipped(['zone list'], unknown),
        ...skipped(needHosts, /the zones listed first/),
      ],
    },
    'a wrong secret': {
      arrange: (world) => both(world, refusal('SignatureDoesNotMatch')),
      findings: [
        [
          'failed',
          'credentials',
          /the secret does not belong to the access key; check AWS_SECRET_ACCESS_KEY/,
        ],
        ...withoutAccess(unknown),
      ],
    },
    'credentials of yesterday': {
      arrange: (world) => both(world, refusal('ExpiredToken')),
      findings: [['failed', 'credentials', /have expired; set new/], ...withoutAccess(unknown)],
    },
    'AWS out of reach': {
      change: { AWS_ENDPOINT_URL_S3: nowhere, AWS_ENDPOINT_URL_ROUTE_53: nowhere },
      findings: [
        ...skipped(['credentials'], /AWS has said nothing about them/),
        ['failed', 'bucket', /is out of reach \(connect ECONNREFUSED/],
        ...skipped(['rows'], /readable first/),
        ['failed', 'zone list', /Route 53 is out of reach .*: check the network/],
        ...skipped(needHosts, /readable and the zones listed first/),
        ...skipped(['clock'], /no answer/),
      ],
    },
  })
})

describe.concurrent('doctor, clock', () => {
  const first = /the clock of this machine must be set right first/
  itFinds({
    'a time that S3 does not take': {
      arrange: refuseAt('RequestTimeTooSkewed', 3600),
      findings: [
        ...skipped(['credentials'], /AWS has said nothing about them/),
        ...withoutAccess(first),
        ['failed', 'clock', /3\d\d\d s behind that of AWS, .*more than 5 minutes off: set it right/],
      ],
    },
    'a time that makes a signature wrong': {
      arrange: refuseAt('SignatureDoesNotMatch', -3600),
      findings: [
        ...skipped(['credentials'], /AWS has said nothing about them/),
        ...withoutAccess(first),
        ['failed', 'clock', /3\d\d\d s ahead of that of AWS/],
      ],
    },
    'minutes off': { arrange: answerAt(200), findings: [['warning', 'clock', /1\d\d s behind/]] },
    'hours off, and the SDK makes up for it': {
      arrange: answerAt(-7200),
      findings: [['failed', 'clock', /7[12]\d\d s ahead of/]],
    },
  })
})
