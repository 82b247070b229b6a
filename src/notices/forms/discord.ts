import { fitLines, linesOf, type Notice } from '../notice.js'
import { asCode, codeFrame, type NoticeRequest, postJson } from './request.js'

/** A longer `content` is answered with 400 (Discord's "Execute Webhook"). */
const maxContentLength = 2000

/** A webhook of a Discord channel; `allowed_mentions` keeps any text from calling anybody. */
export function discord(notice: Notice, url: URL): NoticeRequest {
  return postJson(url, {
    content: asCode(fitLines(linesOf(notice), maxContentLength - codeFrame)),
    allowed_mentions: { parse: [] },
  })
}
