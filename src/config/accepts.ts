import { isDnsServer } from '../net/dns.js'
import { parseAddress } from '../net/ip-address.js'
import { type BaseUrl, parseBaseUrl } from '../net/service-url.js'
import { formNames, maxTargets, parseTargets, type Target } from '../notices/targets.js'
import { type Accepts, list, matching, wholeNumber } from './variable.js'

/** URLs of notices, each with its form. */
export const notifyUrls: Accepts<readonly Target[]> = {
  accepted: `at most ${maxTargets} URLs with blanks between them, each with https:// or http://, and with its form and a + before that if its host does not tell it: ${formNames.join(', ')}`,
  isSecret: true,
  flawOf(text) {
    const parsed = parseTargets(text)
    return 'flaw' in parsed ? parsed.flaw : undefined
  },
  parse(text) {
    const parsed = parseTargets(text)
    return 'targets' in parsed ? parsed.targets : undefined
  },
}

/** Hours without a call; with a PostgreSQL, a host must still be known there when it is silent. */
export function silentHours(historyDays: number | undefined): Accepts<number> {
  const most = Math.min(8760, 24 * (historyDays ?? 365))
  const why = historyDays === undefined ? '' : ' (not longer than DYNDNS_HISTORY_DAYS)'
  return { ...wholeNumber(1, most, ' of hours'), accepted: `a whole number of hours from 1 to ${most}${why}` }
}

/** What a site calls itself. */
export const siteTitle = matching(
  /^(?=.*\S)\P{C}{1,60}$/u,
  'the name of the site, at most 60 characters on one line',
)

/** Where the service is reached. */
export const baseUrl: Accepts<BaseUrl> = {
  accepted: 'http:// or https:// and a full host name or an address, maybe with a port and a path',
  parse: parseBaseUrl,
}

/** A DNS server, by its address. */
export const dnsServer: Accepts<string> = {
  accepted: 'the IP address of a DNS server, maybe with a port, such as 192.0.2.53 or [2001:db8::53]:5353',
  parse: (text) => (isDnsServer(text) ? text : undefined),
}

/** Half of an AWS access key. */
export const secret: Accepts<string> = {
  accepted: 'its half of an AWS access key, without spaces or line ends',
  isSecret: true,
  parse: (text) => (/^[!-~]+$/.test(text) ? text : undefined),
}

/** A token that goes behind `Bearer` (RFC 6750, 2.1). */
export const bearerToken: Accepts<string> = {
  accepted: '16 to 200 characters of A-Z a-z 0-9 - . _ ~ + /, such as openssl rand -hex 24 prints',
  isSecret: true,
  parse: (text) => (/^(?=.{16,200}$)[\w.~+/-]+=*$/.test(text) ? text : undefined),
}

/** A region of AWS. */
export const awsRegion = matching(/^[a-z0-9-]+$/, 'the name of an AWS region such as eu-west-1')

/** A bucket of S3. */
export const bucketName = matching(
  /^[A-Za-z0-9._-]{3,255}$/,
  'the name of an S3 bucket, without s3:// or a path',
)

/** A key in a bucket. */
export const objectKey: Accepts<string> = {
  accepted: 'the key of the CSV in the bucket, at most 1024 bytes, such as database.csv',
  parse: (text) => (Buffer.byteLength(text) <= 1024 ? text : undefined),
}

/** Where an AWS service is reached. */
export const endpoint: Accepts<string> = {
  accepted: 'a URL with http:// or https:// and without a login',
  parse: (text) => (/^https?:\/\/[^@]+$/.test(text) && URL.canParse(text) ? text : undefined),
}

/** Ids of hosted zones, without the /hostedzone/ prefix. */
export const zoneIdList: Accepts<string[]> = {
  accepted: 'hosted zone ids with commas between them, such as Z0123456789ABCDEFGHIJ',
  parse: list((id) =>
    /^(\/hostedzone\/)?[A-Z0-9]{1,32}$/.test(id) ? id.replace('/hostedzone/', '') : undefined,
  ),
}

/** A switch. */
export const yesOrNo: Accepts<boolean> = {
  accepted: 'true or false',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
}

/** Whatever is there; who uses it checks it. */
export const anyText: Accepts<string> = { accepted: 'any text', parse: (text) => text }

/** Where to listen. */
export const addressOrSocket: Accepts<{ address: string } | { socket: string }> = {
  accepted:
    'an IP address of this machine such as 127.0.0.1, or the path of a Unix socket from / on, at most 103 bytes',
  parse(text) {
    // The limit of macOS; Linux has 107.
    if (text.startsWith('/')) return Buffer.byteLength(text) <= 103 ? { socket: text } : undefined
    const address = parseAddress(text)
    return address && { address: address.text }
  },
}

/** Who calls at a Unix socket has no address but what the proxy there says. */
/** Who in front is believed. */
export const proxiesAtSocket: Accepts<number | string[]> = {
  accepted:
    'at a Unix socket a number from 1 up, or the networks of further proxies with commas between them',
  parse: (text) => proxies.parse(text) || undefined,
}

export const proxies: Accepts<number | string[]> = {
  accepted:
    'the number of trusted proxies in front, or their networks with commas between them, such as 10.0.0.0/8,::1',
  parse: (text) => wholeNumber(0, 100).parse(text) ?? list(network)(text),
}

function network(text: string): string | undefined {
  const [start = '', bits, ...more] = text.split('/')
  const address = parseAddress(start)
  if (!address || more.length > 0) return undefined
  if (bits === undefined) return address.text
  const isLength = wholeNumber(1, address.family === 4 ? 32 : 128).parse(bits) !== undefined
  return isLength ? `${address.text}/${bits}` : undefined
}
