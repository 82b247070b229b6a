import type { DnsRecordSet, DnsZone } from '../../../emulators/dns/zone.js'

const SOA = 'ns-1.awsdns-01.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 300'

/** A record set with a TTL of 60 s. */
export const recordSet = (name: string, type: string, ...values: string[]): DnsRecordSet => ({
  name,
  type,
  ttl: 60,
  values,
})

const example: DnsZone = {
  name: 'example.com.',
  recordSets: [
    { name: 'example.com.', type: 'SOA', ttl: 900, values: [SOA] },
    recordSet('example.com.', 'NS', 'ns-1.awsdns-01.org.', 'ns-2.awsdns-02.net.'),
    recordSet('home.example.com.', 'A', '192.0.2.1'),
    recordSet('home.example.com.', 'AAAA', '2001:db8::1'),
    recordSet('home.example.com.', 'TXT', '"one \\"quoted\\"" "two \\344"'),
    recordSet('home.example.com.', 'CAA', '0 issue "ca.example"'),
    recordSet('www.example.com.', 'CNAME', 'Home.example.com.'),
    recordSet('away.example.com.', 'CNAME', 'elsewhere.test.'),
    recordSet('dangling.example.com.', 'CNAME', 'nothing.example.com.'),
    recordSet('loop.example.com.', 'CNAME', 'loop.example.com.'),
    recordSet('\\052.wild.example.com.', 'A', '192.0.2.7'),
    recordSet('there.wild.example.com.', 'TXT', '"here"'),
    recordSet('deep.down.example.com.', 'A', '192.0.2.8'),
    recordSet('large.example.com.', 'A', ...Array.from({ length: 30 }, (_, i) => `192.0.2.${i}`)),
    recordSet('huge.example.com.', 'A', ...Array.from({ length: 100 }, (_, i) => `192.0.2.${i}`)),
    recordSet('broken.example.com.', 'A', 'not an address'),
  ],
}
const child: DnsZone = {
  name: 'sub.example.com',
  recordSets: [recordSet('a.sub.example.com', 'A', '192.0.2.9')],
}
const lookalike: DnsZone = { name: 'ample.com', recordSets: [recordSet('ample.com', 'A', '192.0.2.66')] }

/**
 * Zones with every kind of name that an answer depends on, a child zone, and one whose name is a mere suffix.
 */
export const exampleZones: readonly DnsZone[] = [lookalike, example, child]
