#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { addCertificateCommand } from './commands/certificate/certificate.js'
import { bold } from './commands/colour.js'
import { addCompletionCommand } from './commands/completion/completion.js'
import { createContext, type EnvFile } from './commands/context.js'
import { addHistoryCommands } from './commands/database/history.js'
import { addHostCommands } from './commands/database/host-commands.js'
import { addInspectionCommands } from './commands/database/inspection.js'
import { addTokenCommands } from './commands/database/token-commands.js'
import { addTransferCommands } from './commands/database/transfer.js'
import { addDoctorCommand } from './commands/doctor/doctor.js'
import { loadEnvFile } from './commands/env-file.js'
import { addHelp } from './commands/help.js'
import { addHistoryCommand } from './commands/history/history.js'
import { addIamPolicyCommand } from './commands/iam-policy/iam-policy.js'
import { addNotifyCommand } from './commands/notify/notify.js'
import { addRouterCommand } from './commands/router/router.js'
import { addStatusCommand } from './commands/status/status.js'

// The SDK's notice about old Node versions is for developers, not for the person at this command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

const context = createContext(process.env, () => envFile)
const program = new Command('dyndns53')
  .description('Keeps the host database of a dyndns53 service: the CSV of hostname,token in S3.')
  .addHelpText(
    'after',
    '\nReads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, DYNDNS_BUCKET and DYNDNS_DATABASE from the environment or --env-file;\n' +
      'router, certificate and add-host also DYNDNS_URL; iam-policy, status, add-host and remove-host DYNDNS_ZONE_IDS; history, status\n' +
      'and list-hosts --seen DATABASE_URL; notify DYNDNS_NOTIFY_URL; and doctor all that the service reads.',
  )
  .option(
    '--env-file <FILE>',
    'settings as NAME=VALUE, a line each; what the environment has set counts more',
  )
  .configureHelp({ showGlobalOptions: true, styleTitle: bold })
  .configureOutput({ getOutHasColors: () => context.hasColours, getErrHasColors: () => false })
  .exitOverride()

let envFile: EnvFile | undefined
program.hook('preAction', async () => {
  const { envFile: file } = program.opts<{ envFile?: string }>()
  if (file !== undefined) envFile = await loadEnvFile(file, process.env)
})
addTransferCommands(program, context)
addInspectionCommands(program, context)
addHistoryCommands(program, context)
addHistoryCommand(program, context)
addHostCommands(program, context)
addTokenCommands(program, context)
addRouterCommand(program, context)
addCertificateCommand(program, context)
addIamPolicyCommand(program, context)
addDoctorCommand(program, context)
addStatusCommand(program, context)
addNotifyCommand(program, context)
addCompletionCommand(program, context)
addHelp(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said it already; help that was asked for is no failure.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    context.say(`dyndns53: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
