import { linesOf, type Notice } from '../notice.js'
import { type NoticeRequest, postJson } from './request.js'

/** For a program: docs/notices.md says what each field means, and new fields may come. */
export function json(notice: Notice, url: URL): NoticeRequest {
  const { kind, severity, title, items, unnamed, count, at } = notice
  const text = linesOf(notice).join('\n')
  return postJson(url, {
    service: 'dyndns53',
    kind,
    severity,
    time: at.toISOString(),
    title,
    text,
    count,
    items,
    unnamed,
  })
}
