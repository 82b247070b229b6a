import type { Command } from 'commander'
import { readNoticeTargets } from '../../config/config.js'
import { testNotice } from '../../notices/describe.js'
import { requestOf } from '../../notices/forms/form.js'
import { createPost, noticeTimeoutMs, type PostResult } from '../../notices/post.js'
import type { Target } from '../../notices/targets.js'
import { type CommandContext, CommandError } from '../context.js'
import { count, oneLine } from '../lists.js'

/** Adds `notify`. */
export function addNotifyCommand(program: Command, context: CommandContext): void {
  program
    .command('notify')
    .description('send a test to each URL of DYNDNS_NOTIFY_URL, and say what each answered')
    .requiredOption('--test', 'send it')
    .addHelpText(
      'after',
      '\nA URL is shown by its place and its host alone: who knows the rest of it may send.\n' +
        'Exit status 1 if one did not take it. docs/notices.md has the forms.',
    )
    .action(() => sendTests(context))
}

async function sendTests({ env, print, wait }: CommandContext): Promise<void> {
  const targets = readNoticeTargets(env)
  if (targets.length === 0) {
    throw new CommandError(
      'DYNDNS_NOTIFY_URL is not set, so nobody is told: docs/notices.md says what it takes',
    )
  }
  const post = createPost(noticeTimeoutMs)
  const notice = testNotice(new Date())
  const never = new AbortController().signal
  const sending = targets.map(async (target) => ({
    target,
    result: await post(requestOf(notice, target), never),
  }))
  const results = await wait('the answers', Promise.all(sending))
  await print(results.map(({ target, result }) => `${lineOf(target, result)}\n`).join(''))
  const failed = results.filter(({ result }) => result.kind === 'failed').length
  if (failed > 0) throw new CommandError(`${count(failed, 'URL')} of ${targets.length} did not take it`)
}

function lineOf({ place, form, host }: Target, result: PostResult): string {
  const words = result.kind === 'sent' && result.words ? `: ${result.words}` : ''
  const answer =
    result.kind === 'sent' ? `ok      status ${result.status}${words}` : `failed  ${result.reason}`
  return oneLine(`${place}  ${form.padEnd('mattermost'.length)}  ${host}  ${answer}`)
}
