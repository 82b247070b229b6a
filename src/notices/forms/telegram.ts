import { fitLines, linesOf, type Notice } from '../notice.js'
import { type NoticeRequest, postJson } from './request.js'

/** A longer text is answered with 400 (Telegram's "sendMessage"). */
const maxTextLength = 4096

/**
 * Telegram's `sendMessage`, without a parse_mode, so that the text stays as it is. What is in the query (`chat_id`, and
 * `message_thread_id` where there is one) goes along in the body.
 */
export function telegram(notice: Notice, url: URL): NoticeRequest {
  const bare = new URL(url)
  bare.search = ''
  return postJson(bare, {
    ...Object.fromEntries(url.searchParams),
    text: fitLines(linesOf(notice), maxTextLength),
    // A host name would be shown with a preview of the site there.
    link_preview_options: { is_disabled: true },
  })
}
