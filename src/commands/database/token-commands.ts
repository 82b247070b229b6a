import type { Command } from 'commander'
import { hostLine, replaceTokens } from '../../hosts/edit.js'
import { createToken, hashedCell } from '../../hosts/token.js'
import type { CommandContext } from '../context.js'
import { hostArgument } from '../host-argument.js'
import { count } from '../lists.js'
import { approve, editHosts, refuseMissing } from './edit.js'
import { readChosenToken, type TokenOptions, withTokenOptions } from './token-options.js'

/** Adds `rotate-token` and `hash-tokens`. */
export function addTokenCommands(program: Command, context: CommandContext): void {
  withTokenOptions(program.command('rotate-token'))
    .description('give a host in S3 a new token, and write HOST,TOKEN')
    .argument('<HOST>', 'full name', hostArgument)
    .addHelpText(
      'after',
      '\nThe old token ends when the service next reads the database. A digest stays a digest.',
    )
    .action(async (name: string, options: TokenOptions, command: Command) => {
      await rotateToken(context, name, await readChosenToken(options, 1, command, context))
    })
  program
    .command('hash-tokens')
    .description('put a digest in the place of every token in S3, so that nobody can read them there')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nThe tokens stay valid. They can be shown no more, so note those that are needed before.\n' +
        'Older versions that the bucket keeps still hold them: let a lifecycle rule expire those.',
    )
    .action((options: { yes?: true }) => hashTokens(context, options))
}

async function rotateToken(context: CommandContext, name: string, options: TokenOptions): Promise<void> {
  const token = options.token ?? createToken()
  const place = await editHosts(context, (current) => {
    refuseMissing(current, [name])
    // Also on the lines that do not count: the old token would be back when the last one goes.
    return replaceTokens(current.bytes, (row) => {
      if (row.name !== name) return undefined
      return options.hash || row.token.kind === 'hashed' ? hashedCell(token) : token
    })
  })
  context.say(`${name} has a new token in ${place}`)
  if (options.json) await context.printJson({ host: name, token })
  else await context.print(`${hostLine({ name, cell: token })}\n`)
}

async function hashTokens(context: CommandContext, { yes }: { readonly yes?: true }): Promise<void> {
  let hashed = 0
  const place = await editHosts(context, async ({ bytes, place, isRetry }) => {
    hashed = 0
    const edited = replaceTokens(bytes, ({ token }) => {
      if (token.kind === 'hashed') return undefined
      hashed++
      return hashedCell(token.token)
    })
    // What was agreed to is not asked again.
    if (hashed > 0 && !yes && !isRetry) {
      await approve(context, `nobody could read ${count(hashed, 'token')} in ${place} any more`)
    }
    return edited
  })
  if (hashed === 0) return context.say(`no token in ${place} was plain`)
  context.say(`hashed ${count(hashed, 'token')} in ${place}: they stay valid, and can be shown no more`)
  context.say(
    'if the bucket keeps versions, the older ones still hold the plain tokens: let a lifecycle rule for noncurrent versions expire them (docs/host-database.md)',
  )
}
