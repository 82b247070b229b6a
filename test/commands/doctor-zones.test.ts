import { afterAll, describe } from 'vitest'
import type { NewRecordSet } from '../../emulators/route53/records.js'
import { closeProcessWorlds } from '../support/processes.js'
import { type Case, type DoctorWorld, itFinds, skipped } from './doctor-world.js'

afterAll(closeProcessWorlds)

const token = 'T0KEN-that-is-long-enough'
const needZones = ['record list', 'records', 'permission', 'delegation']
const needHosts = skipped(needZones, /no host lies in a zone/)

describe.concurrent('doctor, zones', () => {
  const mayNotList: Case['findings'] = skipped(
    ['host zones', ...needZones, 'leftovers'],
    /the zones listed first/,
  )
  itFinds({
    'not to be listed': {
      options: { route53: { allow: ({ action }) => action !== 'ListHostedZones' } },
      findings: [
        ['failed', 'zone list', /the AWS key may not do route53:ListHostedZones: allow it/],
        ...mayNotList,
      ],
    },
    'named outright, and not to be asked for': {
      options: { route53: { allow: ({ action }) => action !== 'GetHostedZone' } },
      change: { DYNDNS_ZONE_IDS: 'Z1' },
      findings: [['failed', 'zone list', /the AWS key may not do route53:GetHostedZone/], ...mayNotList],
    },
    'listed too often': {
      arrange: (world) => world.route53.inject({ kind: 'throttle', times: 99 }),
      findings: [['failed', 'zone list', /used up: try again in a minute/], ...mayNotList],
    },
    none: {
      arrange: (world) => world.route53.model.deleteZone(world.zone.id),
      findings: [
        ['failed', 'zone list', /this AWS account has no public hosted zone: create one in Route 53/],
        ['failed', 'host zones', /home\.example\.com: no public hosted zone of this AWS account contains/],
        ['failed', 'host zones', /\*\.dyn\.example\.com: no public hosted zone/],
        ...needHosts,
      ],
    },
    'named outright, and wrong': {
      arrange: (world) => world.route53.model.addZone({ name: 'example.com', id: 'ZPRIVATE', private: true }),
      change: { DYNDNS_ZONE_IDS: 'ZPRIVATE,ZNONE' },
      findings: [
        [
          'failed',
          'zone list',
          /DYNDNS_ZONE_IDS names ZPRIVATE, which is no public hosted zone .*: correct it/,
        ],
        ['failed', 'zone list', /DYNDNS_ZONE_IDS names ZNONE/],
        ['failed', 'host zones', /no public hosted zone of DYNDNS_ZONE_IDS contains home/],
        ['failed', 'host zones', /no public hosted zone of DYNDNS_ZONE_IDS contains \*\.dyn/],
        ...needHosts,
      ],
    },
    'more calls than a burst has': {
      arrange(world) {
        const zones = Array.from({ length: 15 }, (_, index) => `zone-${index}.net`)
        for (const name of zones) world.route53.model.addZone({ name })
        world.putCsv(zones.map((name) => `home.${name},${token}\n`).join(''))
      },
      findings: [],
    },
    'one host without, two hosts with two': {
      arrange(world) {
        for (const name of ['twin.net', 'twin.net']) world.route53.model.addZone({ name })
        const names = ['home.example.com', 'home.example.org', 'a.twin.net', 'b.twin.net']
        world.putCsv(names.map((name) => `${name},${token}\n`).join(''))
      },
      findings: [
        ['failed', 'host zones', /home\.example\.org: no public hosted zone .*: create the zone or correct/],
        ['failed', 'host zones', /a\.twin\.net, b\.twin\.net: two public hosted zones are named twin\.net/],
      ],
    },
  })
})

const record = (recordSet: NewRecordSet) => (world: DoctorWorld) => world.putRecord(recordSet)
const aliasTarget = { hostedZoneId: 'Z2', dnsName: 'lb.example.org', evaluateTargetHealth: false }
const name = 'home.example.com'
const mend = 'which is not ours to overwrite: delete it there'

describe.concurrent('doctor, records', () => {
  itFinds({
    'not to be listed in one of two zones': {
      options: { route53: { allow: (call) => !('zoneId' in call && call.zoneId === 'ZNET') } },
      arrange(world) {
        world.route53.model.addZone({ name: 'example.net', id: 'ZNET' })
        world.putCsv(`home.example.com,${token}\nhome.example.net,${token}\n`)
      },
      findings: [
        [
          'failed',
          'record list',
          /example\.net \(ZNET\): the AWS key may not do route53:ListResourceRecordSets/,
        ],
        ['failed', 'permission', /the AWS key may not write the addresses of home\.example\.net in/],
        [
          'skipped',
          'delegation',
          /the name servers of example\.net \(ZNET\) are not known: the key may neither/,
        ],
      ],
    },
    'not to be listed at all': {
      options: { route53: { allow: ({ action }) => action !== 'ListResourceRecordSets' } },
      findings: [
        ['failed', 'record list', /example\.com \(Z\w+\): the AWS key may not do/],
        ...skipped(['records'], /the records must be listed first/),
      ],
    },
    'a CNAME': {
      arrange(world) {
        world.zone.remove(name, 'A')
        world.putRecord({ name, type: 'CNAME', values: ['example.org'] })
      },
      findings: [['failed', 'records', new RegExp(`at home.example.com a CNAME, ${mend}`)]],
    },
    'an alias': {
      arrange: record({ name, type: 'A', aliasTarget }),
      findings: [['failed', 'records', new RegExp(`A: an alias of lb.example.org., ${mend}`)]],
    },
    'an alias for IPv6 only': {
      arrange: record({ name, type: 'AAAA', aliasTarget }),
      findings: [['warning', 'records', new RegExp(`AAAA: an alias of lb.example.org., ${mend}`)]],
    },
    'a weighted set': {
      arrange(world) {
        world.zone.remove(name, 'A')
        world.putRecord({ name, type: 'A', setIdentifier: 'blue', weight: 1, values: ['192.0.2.1'] })
      },
      findings: [['failed', 'records', new RegExp(`A: a member of a routing policy, set "blue", ${mend}`)]],
    },
    'several values': {
      arrange: record({ name, type: 'A', values: ['192.0.2.1', '192.0.2.2'] }),
      findings: [['failed', 'records', new RegExp(`an A record of 2 values, ${mend}`)]],
    },
    'a CNAME at a challenge': {
      arrange: record({
        name: '_acme-challenge.dyn.example.com',
        type: 'CNAME',
        values: ['acme.example.net'],
      }),
      findings: [
        [
          'warning',
          'records',
          /no certificate by way of the service: .* at _acme-challenge\.dyn\.example\.com a CNAME to acme\.example\.net\.? \(a challenge goes to that name then/,
        ],
      ],
    },
    'the same, without certificates': {
      change: { DYNDNS_CERTIFICATES: 'false' },
      arrange: record({ name: `_acme-challenge.${name}`, type: 'CNAME', values: ['acme.example.net'] }),
      findings: [],
    },
    'a challenge with a zone of its own': {
      arrange: record({ name: `_acme-challenge.${name}`, type: 'NS', values: ['ns.example.net'] }),
      findings: [],
    },
    'a CAA record for another CA above, and one for all below it': {
      arrange(world) {
        world.putRecord({
          name: 'example.com',
          type: 'CAA',
          values: ['0 issue "amazon.com"', '0 iodef "mailto:x@example.org"'],
        })
        world.putRecord({
          name: 'dyn.example.com',
          type: 'CAA',
          values: ['0 issue "letsencrypt.org; accounturi=https://x/1"'],
        })
      },
      findings: [
        [
          'warning',
          'records',
          /the CAA record at example\.com lets only amazon\.com issue certificates by a DNS challenge, for 1 host \(home\.example\.com\): for Let's Encrypt, add the value 0 issue "letsencrypt\.org" to it/,
        ],
      ],
    },
    'a CAA record against wildcards, and other proofs only': {
      arrange: record({
        name: 'example.com',
        type: 'CAA',
        values: ['0 issue "letsencrypt.org;validationmethods=http-01"', '0 issuewild ";"'],
      }),
      findings: [
        [
          'warning',
          'records',
          /at example\.com lets no CA issue certificates by a DNS challenge, for 2 hosts/,
        ],
        ['warning', 'records', /lets no CA issue wildcard certificates .* 0 issuewild "letsencrypt\.org"/],
      ],
    },
    'a CAA record that limits nobody': {
      arrange: record({ name, type: 'CAA', values: ['0 iodef "mailto:owner@example.org"'] }),
      findings: [],
    },
    'what is in nobody’s way': { arrange: record({ name, type: 'TXT', values: ['"x"'] }), findings: [] },
  })
})
