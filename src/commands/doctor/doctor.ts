import type { Command } from 'commander'
import { isDnsServer } from '../../net/dns.js'
import { type CommandContext, CommandError } from '../context.js'
import { count } from '../lists.js'
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
      '\nReads, and changes nothing: so it cannot find out whether the AWS key may change records.\n' +
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
    command.error('error: --dns takes the address of a DNS server, such as 192.0.2.53 or 192.0.2.53:5353', {
      exitCode: 2,
    })
  }
  return { url: url === undefined ? undefined : new URL(url), dns }
}

/** The one place that prints. */
async function report(
  { env, print, printJson }: CommandContext,
  options: ExamineOptions,
  isJson: boolean,
): Promise<void> {
  const findings: Finding[] = []
  for await (const found of examine(env, options)) {
    findings.push(found)
    if (!isJson) await print(`${lineOf(found)}\n`)
  }
  if (isJson) await printJson(findings)
  const failed = findings.filter(({ status }) => status === 'failed').length
  if (failed > 0) throw new CommandError(`${count(failed, 'finding')} failed, and each says what to do`)
}

const checkWidth = Math.max(...checks.map((check) => check.length))

function lineOf({ check, status, message }: Finding): string {
  // What others have sent must not command the terminal.
  const text = message.replace(/\p{Cc}+/gu, ' ')
  return `${status.padEnd('skipped'.length)}  ${check.padEnd(checkWidth)}  ${text}`
}
