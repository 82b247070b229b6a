import type { Command } from 'commander'
import { isDnsServer } from '../../net/dns.js'
import { colours } from '../colour.js'
import { type CommandContext, CommandError } from '../context.js'
import { acceptedDnsServer } from '../dns.js'
import { count, oneLine } from '../lists.js'
import { type ExamineOptions, examine } from './examine.js'
import { checks, type Finding } from './finding.js'

interface DoctorOptions {
  readonly url?: string
  readonly dns?: string
  readonly json?: true
}

/** Adds `doctor`. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('check all that the service needs, and say what to do about what is wrong')
    .option('--url <URL>', 'ask the service that runs there which address it sees')
    .option('--dns <SERVER>', 'the DNS server to ask, by its address (default: that of this machine)')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nChanges nothing. Whether the AWS key may write it asks by a change that contradicts itself: Route 53 refuses\n' +
        'it in any case, and says denied to who may not write.\n' +
        'Exit status 1 if anything failed.',
    )
    .action(async (options: DoctorOptions, command: Command) => {
      await report(context, readOptions(options, command), options.json ?? false)
    })
}

function readOptions({ url, dns }: DoctorOptions, command: Command): ExamineOptions {
  // What was typed is not repeated: a URL may have a login in it.
  if (url !== undefined && !(/^https?:/i.test(url) && URL.canParse(url))) {
    command.error('error: --url takes the URL of the service, such as https://app.example.com', {
      exitCode: 2,
    })
  }
  if (dns !== undefined && !isDnsServer(dns)) {
    command.error(`error: --dns takes ${acceptedDnsServer}`, { exitCode: 2 })
  }
  return { url: url === undefined ? undefined : new URL(url), dns }
}

/** The one place that prints. */
async function report(
  { env, envFile, hasColours, print, printJson, wait }: CommandContext,
  options: ExamineOptions,
  isJson: boolean,
): Promise<void> {
  const findings: Finding[] = []
  const examination = examine(env, envFile(), options)
  const next = () => wait('AWS and the DNS', examination.next())
  for (let step = await next(); !step.done; step = await next()) {
    findings.push(step.value)
    if (!isJson) await print(`${lineOf(step.value, hasColours)}\n`)
  }
  if (isJson) await printJson(findings)
  const failed = findings.filter(({ status }) => status === 'failed').length
  if (failed > 0) throw new CommandError(`${count(failed, 'finding')} failed, and each says what to do`)
}

const checkWidth = Math.max(...checks.map((check) => check.length))

const colourOf = {
  ok: colours.green,
  failed: colours.red,
  warning: colours.yellow,
  skipped: colours.dim,
} as const

function lineOf({ check, status, message }: Finding, hasColours: boolean): string {
  const word = status.padEnd('skipped'.length)
  const line = `${check.padEnd(checkWidth)}  ${message}`
  return `${hasColours ? colourOf[status](word) : word}  ${oneLine(line)}`
}
