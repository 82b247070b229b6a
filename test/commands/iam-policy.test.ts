import { afterAll, describe, expect, it } from 'vitest'
import { bucket, closeProcessWorlds, key, startProcessWorld } from '../support/processes.js'
import { allows, change, type IamRequest } from './iam-evaluator.js'
import { createPolicyWorld, csv, policyOf } from './policy-world.js'

afterAll(closeProcessWorlds)

describe.concurrent('the printed policy', () => {
  it('refuses what the service never does', async () => {
    const world = await createPolicyWorld()
    const { com, sub, net, other } = world
    const policy = await policyOf(world)
    const may = (call: IamRequest) => allows(policy, call)
    for (const types of [['A'], ['AAAA'], ['A', 'AAAA']]) {
      expect(may(change(com.id, { types, names: ['home.example.com', '\\052.dyn.example.com'] }))).toBe(true)
    }
    const refused: IamRequest[] = [
      change(com.id, { names: ['www.example.com'] }),
      change(com.id, { names: ['home.example.com', 'www.example.com'] }),
      change(com.id, { names: ['x.dyn.example.com'] }),
      change(com.id, { names: ['example.com'] }),
      change(com.id, { names: ['a_b.sub.example.com'] }),
      change(net.id, { names: ['home.example.com'] }),
      change(other.id, { names: ['home.example.com'] }),
      change(com.id, { types: ['CNAME'], names: ['home.example.com'] }),
      change(com.id, { types: ['A', 'CNAME'], names: ['home.example.com'] }),
      change(com.id, { types: ['TXT'], names: ['home.example.com'] }),
      change(com.id, { types: ['TXT'], names: ['_acme-challenge.www.example.com'] }),
      change(com.id, { types: ['A'], names: ['_acme-challenge.home.example.com'] }),
      change(com.id, { types: ['TXT'], names: ['_acme-challenge.a_b.sub.example.com'] }),
      change(com.id, { types: ['TXT'], actions: ['UPSERT'], names: ['_acme-challenge.home.example.com'] }),
      change(com.id, { actions: ['UPSERT'], names: ['home.example.com'] }),
      change(com.id, { actions: ['CREATE', 'UPSERT'], names: ['home.example.com'] }),
      { action: 'route53:ListResourceRecordSets', resource: `arn:aws:route53:::hostedzone/${other.id}` },
      { action: 'route53:GetHostedZone', resource: `arn:aws:route53:::hostedzone/${com.id}` },
      { action: 'route53:DeleteHostedZone', resource: `arn:aws:route53:::hostedzone/${com.id}` },
      { action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/other.csv` },
      { action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${key}.old` },
      { action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/${key}` },
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::another-bucket' },
    ]
    expect(refused.filter(may)).toEqual([])
    for (const actions of [['CREATE'], ['DELETE'], ['DELETE', 'CREATE']])
      expect(may(change(com.id, { actions, names: ['home.example.com'] }))).toBe(true)
    for (const name of ['home.example.com', 'dyn.example.com'])
      expect(may(change(com.id, { types: ['TXT'], names: [`_acme-challenge.${name}`] }))).toBe(true)
    const without = await policyOf(world, ['--no-certificates'])
    expect(JSON.stringify(without)).not.toMatch(/TXT|_acme/)
    expect(may(change(sub.id, { names: ['a_b.sub.example.com'] }))).toBe(true)
    expect(may({ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` })).toBe(true)
  })

  it('is this', async () => {
    const world = await startProcessWorld({ csv: 'home.example.com,T0KEN\n*.example.com,T0KEN\n' })
    const { id } = world.route53.model.addZone({ name: 'example.com' })
    const { status, stdout, stderr } = await world.run(['iam-policy'])
    const zone = `arn:aws:route53:::hostedzone/${id}`
    expect(JSON.parse(stdout.toString())).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'FindZones', Effect: 'Allow', Action: 'route53:ListHostedZones', Resource: '*' },
        { Sid: 'ReadRecords', Effect: 'Allow', Action: 'route53:ListResourceRecordSets', Resource: zone },
        {
          Sid: 'WriteAddresses',
          Effect: 'Allow',
          Action: 'route53:ChangeResourceRecordSets',
          Resource: zone,
          Condition: {
            'ForAllValues:StringEquals': {
              'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA'],
              'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
              'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
                'home.example.com',
                '\\052.example.com',
              ],
            },
          },
        },
        {
          Sid: 'WriteChallenges',
          Effect: 'Allow',
          Action: 'route53:ChangeResourceRecordSets',
          Resource: zone,
          Condition: {
            'ForAllValues:StringEquals': {
              'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'],
              'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
              'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
                '_acme-challenge.home.example.com',
                '_acme-challenge.example.com',
              ],
            },
          },
        },
        {
          Sid: 'ReadDatabase',
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${bucket}/${key}`,
        },
        {
          Sid: 'TellMissingFromDenied',
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: `arn:aws:s3:::${bucket}`,
        },
      ],
    })
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(
        /^\d{4} characters without white space: fits an inline policy of a user \(2048\) and a managed policy \(6144\)\n$/,
      ),
    })
  })

  it.each([
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('in %s names the partition %s', async (AWS_REGION, partition) => {
    const world = await createPolicyWorld()
    const { Statement } = await policyOf(world, ['--admin'], { AWS_REGION })
    const arns = Statement.flatMap(({ Resource }) => Resource).filter((arn) => arn !== '*')
    expect(new Set(arns.map((arn) => arn.split(':')[1]))).toEqual(new Set([partition]))
  })

  it('means a key with special characters literally', async () => {
    const odd = (star: string, mark: string) => `a${star}b${mark}c\${aws:username} d.csv`
    const world = await createPolicyWorld()
    world.s3.put(bucket, odd('*', '?'), csv)
    const policy = await policyOf(world, [], { DYNDNS_DATABASE: odd('*', '?') })
    const may = (name: string) =>
      allows(policy, { action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${name}` })
    expect([odd('*', '?'), odd('x', '?'), odd('*', 'x')].map(may)).toEqual([true, false, false])
    const arns = policy.Statement.flatMap(({ Resource }) => Resource)
    expect(arns).toContain(`arn:aws:s3:::${bucket}/a\${*}b\${?}c\${$}{aws:username} d.csv`)
  })
})
