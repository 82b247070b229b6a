import { parseArgs } from 'node:util'
import { startEmulators } from '../../emulators/emulators.js'
import { authenticate, parseDatabase } from '../../src/hosts/database.js'
import type { Bench } from '../bench.js'
import { startMeasuredServer } from '../server.js'
import { machine, note, print, tableHead, verdict } from '../table.js'
import { timeRegistration } from './http-timer.js'
import { csv, wrongLogin } from './logins.js'
import { columns, type Kind, reportRows, type Samples, takeSamples, wrongAgainstUnknown } from './samples.js'

/** Does the time of an answer tell whether a host exists? */
export const timing: Bench = {
  usage: `npm run bench -- timing       whether the time of an answer tells a wrong token from an unknown host
    --calls 200000        calls of each kind to authenticate itself
    --requests 100000     requests of each kind over HTTP`,

  async run(args) {
    const { calls, requests } = readOptions(args)
    note('timing: authenticate')
    const inProcess = await timeAuthenticate(calls)
    note('timing: HTTP')
    const overHttp = await timeHttp(requests)
    print(`${machine()}\n`)
    print(tableHead(columns, 2))
    for (const line of reportRows('`authenticate`', 'an unknown host costs no digest', inProcess)) print(line)
    for (const line of reportRows('HTTP', 'the user is no host name', overHttp)) print(line)
    print('')
    print(inProcessRemark(inProcess))
    return judgeHttp(overHttp)
  },
}

/** Here nobody but this bench can listen: a difference is named, and has no target. */
function inProcessRemark(samples: Samples): string {
  const { isTold, differsByNs } = wrongAgainstUnknown(samples)
  const difference = `an unknown host and a wrong token differ by ${Math.abs(differsByNs).toFixed(0)} ns`
  return `- no target: inside the process, ${isTold ? difference : 'they are not told apart'}`
}

function judgeHttp(samples: Samples): boolean {
  const { isTold, wouldShowNs } = wrongAgainstUnknown(samples)
  const power = `${(wouldShowNs / 1000).toFixed(1)} µs would have shown`
  print(
    verdict(
      !isTold,
      `a wrong token and an unknown host are not told apart over HTTP on one machine (${power})`,
    ),
  )
  return !isTold
}

async function timeAuthenticate(calls: number): Promise<Samples> {
  const { database } = parseDatabase(Buffer.from(csv))
  const time = (kind: Kind) => {
    const { user: hostname, token } = wrongLogin(kind)
    const started = process.hrtime.bigint()
    if (kind !== 'control' || database.has(hostname)) authenticate(database, { hostname, token })
    return Number(process.hrtime.bigint() - started)
  }
  // Until everything is compiled.
  await takeSamples(20_000, time)
  return takeSamples(calls, time)
}

async function timeHttp(requests: number): Promise<Samples> {
  const emulators = await startEmulators({ csv })
  // So that nobody is locked out.
  const settings = {
    DYNDNS_LOGIN_FAILURES: '1000000',
    DYNDNS_ALLOW_PRIVATE: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  }
  const program = new URL('./hasty-server.ts', import.meta.url)
  const environment = { ...emulators.environment, ...settings }
  const server = await startMeasuredServer(environment, ['--import', 'tsx'], program)
  try {
    const time = (kind: Kind) => {
      const { user, token } = wrongLogin(kind)
      return timeRegistration(server.port, {
        user: kind === 'control' ? user.replaceAll('.', '_') : user,
        token,
      })
    }
    await takeSamples(1000, time)
    return await takeSamples(requests, time)
  } finally {
    server.kill()
    await emulators.close()
  }
}

function readOptions(args: readonly string[]): { calls: number; requests: number } {
  const options = {
    calls: { type: 'string', default: '200000' },
    requests: { type: 'string', default: '100000' },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const [calls, requests] = [Number(values.calls), Number(values.requests)]
  // All that failed from one address is counted, up to this server's limit.
  const areRight = calls >= 1000 && requests >= 1000 && requests <= 200_000
  if (!areRight) throw new Error('--calls takes a number from 1000 up, --requests one from 1000 to 200000')
  return { calls, requests }
}
