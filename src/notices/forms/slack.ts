import { fitLines, linesOf, type Notice } from '../notice.js'
import { asCode, codeFrame, type NoticeRequest, postJson } from './request.js'

/** Slack splits a longer text into several messages, and with it the block of code. */
const maxTextLength = 4000

/** A Slack app's incoming webhook, which takes `text` with `&`, `<` and `>` escaped, in code too. */
export function slack(notice: Notice, url: URL): NoticeRequest {
  const lines = linesOf(notice).map((line) =>
    line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  )
  return postJson(url, { text: asCode(fitLines(lines, maxTextLength - codeFrame)) })
}
