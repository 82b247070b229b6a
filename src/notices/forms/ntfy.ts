import { fitLines, type Notice } from '../notice.js'
import { type NoticeRequest, postJson } from './request.js'

/** A longer message becomes an attachment (docs.ntfy.sh/publish, "Limitations"). */
const maxMessageBytes = 4096

const priorities = { info: 3, warning: 4, error: 5 } as const
/** ntfy shows these short codes as emojis. */
const tags = { info: 'information_source', warning: 'warning', error: 'rotating_light' } as const

/**
 * ntfy's JSON form, which takes any character where its headers do not: it goes to the root of the server, and names the
 * topic (docs.ntfy.sh/publish, "Publish as JSON").
 */
export function ntfy({ severity, title, lines }: Notice, url: URL): NoticeRequest {
  const root = new URL(url)
  root.pathname = '/'
  return postJson(root, {
    topic: url.pathname.slice(1),
    title,
    // An empty message would be shown as "triggered".
    message: fitLines(lines.length > 0 ? lines : [title], maxMessageBytes, Buffer.byteLength),
    priority: priorities[severity],
    tags: [tags[severity]],
  })
}
