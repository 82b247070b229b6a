import { afterAll, describe, expect, it } from 'vitest'
import { createPolicyWorld, policyOf } from '../commands/policy-world.js'
import { bucket, closeProcessWorlds, key } from '../support/processes.js'
import { makeStack, readParameters } from './template.js'

afterAll(closeProcessWorlds)

const made = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  Bucket: bucket,
  User: 'dyndns53-User-1ABC',
  AccessKey: 'AKIAEXAMPLEEXAMPLE00',
  'AccessKey.SecretAccessKey': 'a/secret+key',
}
const stackOf = (parameters: Record<string, string> = {}) =>
  makeStack({ Domain: 'dyn.example.com', ZoneId: 'Z0123', BucketName: bucket, ...parameters }, made)

describe('deploy/aws.yaml', () => {
  it('allows what iam-policy --below prints, word for word', async () => {
    const { com, ...world } = await createPolicyWorld()
    // Only a host *.dyn.example.com has its challenge at _acme-challenge.dyn.example.com.
    world.s3.put(bucket, key, 'home.dyn.example.com,T0KEN\n')
    const printed = await policyOf(world, ['--below', 'dyn.example.com'], { DYNDNS_ZONE_IDS: com.id })
    expect(stackOf({ ZoneId: com.id }).policy).toEqual(printed)
  })

  it('allows the same where the database has another key', async () => {
    const { com, ...world } = await createPolicyWorld()
    world.s3.put(bucket, 'our/hosts.csv', 'home.dyn.example.com,T0KEN\n')
    const change = { DYNDNS_ZONE_IDS: com.id, DYNDNS_DATABASE: 'our/hosts.csv' }
    const printed = await policyOf(world, ['--below', 'dyn.example.com'], change)
    expect(stackOf({ ZoneId: com.id, DatabaseKey: 'our/hosts.csv' }).policy).toEqual(printed)
  })

  it('makes a bucket that is private, versioned and encrypted, and stays', () => {
    expect(stackOf().resources['Bucket']).toMatchObject({
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      },
    })
  })

  it('makes a new access key when its serial is raised', () => {
    const serialOf = (parameters = {}) => stackOf(parameters).resources['AccessKey']?.Properties['Serial']
    expect([serialOf(), serialOf({ KeySerial: '2' })]).toEqual(['1', '2'])
  })

  it('puts out the settings of the service, each a word for the shell', () => {
    expect(stackOf().outputs).toEqual({
      Settings: [
        'AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE00 AWS_SECRET_ACCESS_KEY=a/secret+key AWS_REGION=us-east-1',
        `DYNDNS_BUCKET=${bucket} DYNDNS_DATABASE=${key} DYNDNS_ZONE_IDS=Z0123`,
      ].join(' '),
    })
  })

  it.each([
    ['Domain', 'Dyn.Example.com'],
    ['Domain', 'dyn.example.com.'],
    ['Domain', '*.example.com'],
    ['Domain', 'com'],
    ['BucketName', 's3://bucket'],
    ['BucketName', 'My_Bucket'],
    ['DatabaseKey', 'two words.csv'],
    ['DatabaseKey', 'a*.csv'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => stackOf({ [name]: value })).toThrow(`Parameter ${name} failed`)
  })

  it.each(['dyndns.mydomain.com', 'a-b.c_d.xn--mnchen-3ya.example.co.uk', 'example.com'])(
    'takes the domain %s',
    (domain) => {
      expect(JSON.stringify(stackOf({ Domain: domain }).policy)).toContain(`"*.${domain}"`)
    },
  )

  it('lets CloudFormation look whether the zone is there', () => {
    expect(readParameters()['ZoneId']?.Type).toBe('AWS::Route53::HostedZone::Id')
  })
})
