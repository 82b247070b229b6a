#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { createS3Client } from './aws.js'
import { downloadDatabase, uploadDatabase } from './commands.js'
import { readDatabaseConfig } from './config.js'
import { createDatabaseStore, type DatabaseStore } from './hosts/store.js'

// The SDK's notice about old Node versions is for developers, not for the person at this command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

const program = new Command('dyndns53')
  .description('Keeps the host database of a dyndns53 service: the CSV of hostname,token in S3.')
  .addHelpText(
    'after',
    '\nReads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, DYNDNS_BUCKET and DYNDNS_DATABASE from the environment.',
  )
  .exitOverride()

program
  .command('download-database')
  .description('write the database in S3 to FILE, or to standard output')
  .argument('[FILE]')
  .action((file?: string) => downloadDatabase(openStore(), file))

program
  .command('upload-database')
  .description('check FILE and put it in the place of the database in S3')
  .argument('<FILE>')
  .action((file: string) => uploadDatabase(openStore(), file))

function openStore(): DatabaseStore {
  const config = readDatabaseConfig(process.env)
  return createDatabaseStore(createS3Client(config.aws), config)
}

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said it already; help that was asked for is no failure.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    process.stderr.write(`dyndns53: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
