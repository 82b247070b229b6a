import { parseArgs } from 'node:util'
import { type Emulators, startEmulators } from './emulators.js'
import { bucket } from './environment.js'
import { documentedQuotas } from './route53/quotas.js'

const defaults = {
  's3-port': '5301',
  'route53-port': '5302',
  'dns-port': '5300',
  bucket,
  zone: 'example.com',
}

const usage = `npm run emulators             an S3, a Route 53 and the DNS of its zones on 127.0.0.1, until Ctrl-C
npm run emulators -- --help   says this

  --s3-port ${defaults['s3-port']}        the TCP port of S3
  --route53-port ${defaults['route53-port']}   the TCP port of Route 53
  --dns-port ${defaults['dns-port']}       the UDP port of the DNS
  --bucket ${defaults.bucket}
                        the bucket that is there at first, empty
  --zone ${defaults.zone}    the hosted zone that is there at first; may be given several times

A port of 0 takes any free one.`

interface Options {
  readonly help: boolean
  readonly s3Port: number
  readonly route53Port: number
  readonly dnsPort: number
  readonly bucket: string
  readonly zones: readonly string[]
}

process.exitCode = await main(process.argv.slice(2))

/** Resolves with the exit status, when told to stop: 0; 1 they could not start, 2 unknown arguments. */
async function main(args: readonly string[]): Promise<number> {
  const stopped = stopSignal()
  let options: Options
  try {
    options = readOptions(args)
  } catch (error) {
    return complain(error instanceof Error ? `${error.message}\n\n${usage}` : error, 2)
  }
  if (options.help) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  let emulators: Emulators
  try {
    emulators = await start(options)
  } catch (error) {
    return complain(error, 1)
  }
  process.stdout.write(guide(emulators, options))
  await stopped
  await emulators.close()
  return 0
}

function complain(error: unknown, status: number): number {
  process.stderr.write(`emulators: ${error instanceof Error ? error.message : String(error)}\n`)
  return status
}

/** Throws an Error that says which argument is wrong. */
function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      's3-port': { type: 'string', default: defaults['s3-port'] },
      'route53-port': { type: 'string', default: defaults['route53-port'] },
      'dns-port': { type: 'string', default: defaults['dns-port'] },
      bucket: { type: 'string', default: defaults.bucket },
      zone: { type: 'string', multiple: true, default: [defaults.zone] },
    },
  })
  const portOf = (flag: 's3-port' | 'route53-port' | 'dns-port'): number => {
    if (/^\d{1,5}$/.test(values[flag]) && Number(values[flag]) <= 65_535) return Number(values[flag])
    throw new Error(`--${flag} takes a port from 0 to 65535, not ${JSON.stringify(values[flag])}`)
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(values.bucket)) {
    throw new Error(`--bucket takes the name of a bucket, not ${JSON.stringify(values.bucket)}`)
  }
  const bad = values.zone.find((zone) => !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(zone))
  if (bad !== undefined) throw new Error(`--zone takes the name of a zone, not ${JSON.stringify(bad)}`)
  return {
    help: values.help,
    s3Port: portOf('s3-port'),
    route53Port: portOf('route53-port'),
    dnsPort: portOf('dns-port'),
    bucket: values.bucket,
    zones: values.zone,
  }
}

/** Starts them with Amazon's quotas. Throws an Error that names the flag of a port that is taken. */
async function start({ s3Port, route53Port, dnsPort, bucket, zones }: Options): Promise<Emulators> {
  try {
    return await startEmulators({
      s3: { port: s3Port },
      route53: { port: route53Port, quotas: documentedQuotas },
      dnsPort,
      bucket,
      zones,
    })
  } catch (error) {
    const { code, port, syscall } = error as NodeJS.ErrnoException & { port?: number }
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const flag = syscall === 'bind' ? '--dns-port' : port === s3Port ? '--s3-port' : '--route53-port'
    const why = code === 'EACCES' ? 'may not be listened on' : 'is in use'
    throw new Error(`port ${port} of 127.0.0.1 ${why}: set another one with ${flag}`)
  }
}

/** What to paste into another terminal. */
function guide({ environment, dns }: Emulators, { bucket, zones: [zone] }: Options): string {
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`)
  return `
S3, Route 53 and the DNS of its zones are there, on 127.0.0.1. The bucket ${bucket} is empty, and so
is the zone ${zone}; what they come to hold is gone when they stop. To lead dyndns53 to them, in another terminal:

${variables.join('\n')}

Then, for example:

node dist/cli.js add-host home.${zone}
node dist/cli.js doctor --dns 127.0.0.1:${dns.port}
dig @127.0.0.1 -p ${dns.port} +short home.${zone}

Ctrl-C stops them.
`
}

/** Resolves when the program is told to stop, or nobody is left to read what it prints. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    // Not once: of a Ctrl-C both the terminal and npm may tell.
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve())
    process.stdout.on('error', () => resolve())
  })
}
