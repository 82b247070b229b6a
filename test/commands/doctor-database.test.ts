import { afterAll, describe } from 'vitest'
import { bucket, closeProcessWorlds, key } from '../support/processes.js'
import { type Case, type DoctorWorld, type Expected, itFinds, skipped } from './doctor-world.js'

afterAll(closeProcessWorlds)

const nowhere = 'http://127.0.0.1:9'
const needHosts = ['host zones', 'record list', 'records', 'permission', 'delegation', 'leftovers']
const token = 'T0KEN-that-is-long-enough'
const csv = (text: string) => (world: DoctorWorld) => world.putCsv(text)

/** What cannot be looked at without the database. */
const withoutDatabase: Expected[] = [
  ...skipped(['rows'], /the database must be readable first/),
  ...skipped(needHosts, /the database must be readable and the zones listed first/),
]

const bucketFails = (sentence: RegExp): Expected[] => [['failed', 'bucket', sentence], ...withoutDatabase]

describe.concurrent('doctor, bucket and key', () => {
  itFinds({
    'access denied': {
      options: { s3: { allow: () => false } },
      findings: bucketFails(
        /denies access to s3:\/\/dyndns.* \(403\): .*s3:GetObject.*or there is none.*: check DYNDNS_B/,
      ),
    },
    'nothing there, and no permission to know it': {
      options: { csv: undefined, s3: { allowList: false } },
      findings: bucketFails(/\(403\): .*or there is none and the key may not know that \(s3:ListBucket/),
    },
    'nothing there': {
      options: { csv: undefined },
      findings: bucketFails(/there is no s3:.* \(404\): .*: check DYNDNS_DATABASE, or make the object with/),
    },
    'an archived object': {
      arrange: ({ s3 }) =>
        s3.inject({ kind: 'refuse', status: 403, code: 'InvalidObjectState', message: 'Not for this class' }),
      findings: bucketFails(
        /the object is archived: restore it.* \(AWS says InvalidObjectState: Not for this class\)/,
      ),
    },
    'a KMS key that may not be used': {
      arrange: ({ s3 }) =>
        s3.inject({ kind: 'refuse', status: 403, code: 'AccessDenied', message: 'Not allowed: kms:Decrypt' }),
      findings: bucketFails(/allow kms:Decrypt.* \(AWS says AccessDenied: Not allowed: kms:Decrypt\)/),
    },
    'no bucket': {
      change: { DYNDNS_BUCKET: 'another-bucket' },
      findings: bucketFails(/there is no bucket another-bucket; check DYNDNS_BUCKET/),
    },
    'another region': {
      options: { s3: { region: 'eu-west-1', wrongRegion: 'malformed' } },
      findings: bucketFails(/AWS_REGION says us-east-1; set AWS_REGION to the bucket's own/),
    },
    'only S3 out of reach': {
      change: { AWS_ENDPOINT_URL_S3: nowhere },
      findings: bucketFails(/is out of reach \(connect ECONNREFUSED/),
    },
  })
})

describe.concurrent('doctor, rows of the database', () => {
  itFinds({
    'bad lines': {
      arrange: csv(`home.example.com,${token}\nT0KEN\nnot a name,${token}\n`),
      findings: [
        ['failed', 'rows', /line 2 is left out: the token is missing/],
        ['failed', 'rows', /line 3 is left out: the first field is not a full host name/],
      ],
    },
    'a host twice': {
      arrange: csv(`home.example.com,${token}\nhome.example.com,${token}2\n`),
      findings: [['warning', 'rows', /line 2: home\.example\.com is also on line 1: this line counts/]],
    },
    'a token that nobody types': {
      arrange: csv(`home.example.com,${token}\u200b\n`),
      findings: [
        ['warning', 'rows', /line 1: the token of home\.example\.com has a .* \(U\+200B\) as character 26/],
      ],
    },
    'a token like a digest of another kind': {
      arrange: csv(`home.example.com,sha1:${'0'.repeat(40)}\n`),
      findings: [
        ['warning', 'rows', /line 1: the token of home\.example\.com looks like a digest of another/],
      ],
    },
    'a file as PowerShell writes it': {
      arrange: ({ s3 }) => s3.put(bucket, key, Buffer.from(`\ufeffhome.example.com,${token}\r\n`, 'utf16le')),
      findings: [
        ['failed', 'rows', /no line is a valid/],
        ['failed', 'rows', /line 1 is left out: the file is UTF-16: save it as UTF-8/],
        ...skipped(needHosts, /no line .* a host/),
      ],
    },
    'tokens that can be guessed': {
      arrange: csv('home.example.com,T0KEN\n*.dyn.example.com,T0KEN-23456\n'),
      findings: [
        ['warning', 'rows', /home\.example\.com, \*\.dyn\.example\.com: tokens of fewer than 12 characters/],
      ],
    },
    'a short token of which only the digest is there': {
      arrange: csv(`home.example.com,sha256:${'0'.repeat(64)}\n`),
      findings: [],
    },
    'nothing but a hundred bad lines': {
      arrange: csv('T0KEN\n'.repeat(100)),
      findings: [
        ['failed', 'rows', /no line is a valid hostname,token: dyndns53 add-host HOST adds one/],
        ...Array.from({ length: 9 }, (_, i): Case['findings'][number] => [
          'failed',
          'rows',
          new RegExp(`line ${i + 1} `),
        ]),
        ['failed', 'rows', /and 91 more lines of that kind/],
        ...skipped(needHosts, /no line .* a host/),
      ],
    },
    'binary junk': {
      arrange: csv('\x00\x1b[31m\ufffd,\ufffd'),
      findings: [
        ['failed', 'rows', /no line is a valid/],
        ['failed', 'rows', /line 1 is left out: not UTF-8 text/],
        ...skipped(needHosts, /no line .* a host/),
      ],
    },
  })
})
