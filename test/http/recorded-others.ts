import {
  both,
  fromCaller,
  get,
  homeA,
  homeAAAA,
  login,
  nasA,
  query,
  type Recorded,
  v4,
  v6,
  writtenA,
} from './recorded-request.js'

const synology = ['User-Agent: Synology DDNS Updater/42962 support@synology.com']
const pfSense = ['User-Agent: phpDynDNS/0.7', 'Accept: */*']
const opnSense = [
  'User-Agent: OPNsense-dyndns',
  'Accept-Encoding: gzip, deflate',
  'Accept: */*',
  'Connection: keep-alive',
]

/** The other routers and programs. */
export const others: readonly Recorded[] = [
  get(
    'Synology, DynDNS',
    `/nic/update?${query}&system=dyndns&wildcard=NOCHG&mx=NOCHG&backmx=NOCHG`,
    synology,
    writtenA,
  ),
  get('Synology, custom', `/nic/update?${query}`, synology, writtenA),
  get(
    'Synology, a placeholder that stayed',
    '/nic/update?hostname=home.example.com&myip=__MYIP__',
    synology,
    fromCaller,
  ),
  get('MikroTik, the network’s length behind the address', `/nic/update?${query}/24`, [], writtenA),
  get('pfSense, changed', `/nic/update?${query}`, pfSense, writtenA),
  get('pfSense, refreshed', `/nic/update?${query}`, pfSense, {
    held: [v4],
    answer: `200 nochg ${v4}`,
    zone: [homeA],
  }),
  get('pfSense, IPv6', `/nic/update?hostname=home.example.com&myip=${v6}`, pfSense, {
    answer: `200 good ${v6}`,
    zone: [homeAAAA],
  }),
  get(
    'OPNsense, two hosts',
    `/nic/update?hostname=home.example.com%2Cnas.example.com&myip=${v4}&system=dyndns&wildcard=NOCHG`,
    opnSense,
    { answer: `200 good ${v4}\ngood ${v4}`, zone: [homeA, nasA] },
  ),
  {
    what: 'OPNsense, custom POST with an empty body',
    lines: [
      `POST /nic/update?${query} HTTP/1.1`,
      'Host: dyn.example.net',
      login,
      ...opnSense,
      'Content-Length: 0',
    ],
    ...writtenA,
  },
  {
    what: 'OPNsense, custom PUT',
    lines: [
      `PUT /nic/update?${query} HTTP/1.1`,
      'Host: dyn.example.net',
      login,
      ...opnSense,
      'Content-Length: 0',
    ],
    answer: '405 badagent',
    zone: [],
  },
  get(
    'ez-ipupdate',
    `/nic/update?system=dyndns&${query}&wildcard=OFF&mx=mail.example.com&backmx=NO&offline=NOCHG& HTTP/1.0`,
    [],
    writtenA,
  ),
  get('ez-ipupdate, offline', `/nic/update?${query}&wildcard=OFF&offline=yes& HTTP/1.0`, [], {
    held: [v4, v6],
    answer: '200 good',
    zone: [],
  }),
  get('Speedport', `/nic/update?hostname=home.example.com&myip=${v6},${v4}`, [], both),
  get('Hikvision', '/nic/update?hostname=home.example.com&myip=', [], fromCaller),
  get('DrayTek', `/nic/update?${query}`, [], writtenA),
  get(
    'DrayTek, a placeholder that stayed',
    '/nic/update?hostname=home.example.com&myip=###IP###',
    [],
    fromCaller,
  ),
]
