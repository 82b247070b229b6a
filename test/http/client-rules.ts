/** What a server answered, and to what. */
export interface Reply {
  readonly status: number
  readonly body: string
}

/** What a client asked for. */
export interface Asked {
  /** How many hosts it named; 1 for its own. */
  readonly hosts: number
  /** The addresses that it sent; empty for offline=YES. */
  readonly addresses: readonly string[]
}

/** By which rule a client takes an answer for success: they are in docs/clients.md. */
export interface ClientRule {
  readonly client: string
  /** Whether it ever names several hosts in one request. */
  readonly sendsLists: boolean
  /** Whether it believes that host number `index` (from 0) of the request was updated. */
  believes(reply: Reply, asked: Asked, index: number): boolean
  /** Whether it ends at this answer, for its other hosts too; it goes on after any, if left out. */
  readonly ends?: (reply: Reply) => boolean
  /** Whether it tells its owner that the login is wrong; not known of it, if left out. */
  readonly blamesLogin?: (reply: Reply) => boolean
}

const is2xx = ({ status }: Reply) => status >= 200 && status <= 299
const isGood = (line: string | undefined, flags = '') =>
  new RegExp('^(good|nochg)( |$)', flags).test(line ?? '')

/** What a client does beside believing. */
type Manners = Pick<ClientRule, 'ends' | 'blamesLogin'>

const has401 = ({ status }: Reply) => status === 401
/** Of ddclient, and of GNU wget as OpenWrt calls it. */
const blamesAt401: Manners = { blamesLogin: has401 }

/** A client that sends one host in each request. */
const single = (
  client: string,
  believes: (reply: Reply, asked: Asked) => boolean,
  manners: Manners = {},
): ClientRule => ({ client, sendsLists: false, believes, ...manners })

const isInadynsSuccess = ({ status, body }: Reply) =>
  status === 200 && /ok|good|true|updated|nochg|success/i.test(body)

/**
 * Every client whose rule is known, but for OpenWrt's custom URL over curl, which believes every answer whatever its
 * status.
 */
export const clientRules: readonly ClientRule[] = [
  {
    client: 'ddclient 3.9 and 3.10',
    sendsLists: true,
    // Line n belongs to host n; a host without a line is not updated.
    believes: (reply, _, index) => is2xx(reply) && isGood(reply.body.split('\n')[index], 'i'),
    ...blamesAt401,
  },
  {
    client: 'ddclient 3.11',
    sendsLists: true,
    // The last line decides for all.
    believes: (reply) => is2xx(reply) && isGood(reply.body.split('\n').at(-1), 'i'),
    ...blamesAt401,
  },
  {
    client: 'ddclient 4',
    sendsLists: true,
    // Line n belongs to host n; a single line is applied to all.
    believes(reply, _, index) {
      const lines = reply.body.split('\n')
      return is2xx(reply) && isGood(lines.length === 1 ? lines[0] : lines[index])
    },
    ...blamesAt401,
  },
  single('inadyn, UniFi and Merlin', isInadynsSuccess, {
    // Unless it runs with --continue-on-error, as UniFi has it.
    ends: (reply) => reply.status < 500 && !isInadynsSuccess(reply),
    blamesLogin: ({ status }) => status === 401 || status === 403,
  }),
  single(
    'OpenWrt, a service with an answer',
    (reply) => is2xx(reply) && /good|nochg/i.test(reply.body),
    blamesAt401,
  ),
  single('OpenWrt over curl, a service with an answer', ({ body }) => /good|nochg/i.test(body)),
  single('OpenWrt, a custom URL', is2xx, blamesAt401),
  { client: 'OPNsense native', sendsLists: true, believes: is2xx },
  // With the Result Match that its users are told to type: `good %IP%|nochg %IP%`.
  single('pfSense custom', ({ body }, { addresses }) =>
    ['good', 'nochg'].some(
      (word) => body.replace(/^[\t\r\n]+|[\t\r\n]+$/g, '') === `${word} ${addresses[0]}`,
    ),
  ),
  single('FRITZ!Box', ({ status }) => status === 200),
  single(
    'FRITZ!Box, classic provider',
    ({ status, body }) => status === 200 && /^(good|nochg) \S/.test(body),
  ),
  single('Synology', ({ body }) => isGood(body)),
  single('MikroTik', (reply) => is2xx(reply) && /^(good|nochg)/.test(reply.body)),
  {
    client: 'ez-ipupdate',
    sendsLists: true,
    // The address behind `good` is required.
    believes: ({ status, body }) => status === 200 && /^(good |nochg)/m.test(body),
    ends: (reply) =>
      has401(reply) ||
      (reply.status === 200 && /^(nohost|notfqdn|!yours|abuse|bad\w+|numhost|911)/m.test(reply.body)),
  },
  single(
    'FreshTomato mdu',
    ({ status, body }) =>
      status === 200 &&
      !/badauth|nohost|notfqdn|numhost|abuse|dnserr|911|badagent|!donator|!yours/.test(body) &&
      /good|nochg/.test(body),
    { blamesLogin: ({ status }) => status === 401 || status === 403 },
  ),
  single('ddns-updater custom', ({ status, body }) => status === 200 && /good|nochg/.test(body)),
]
