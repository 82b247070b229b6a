import { fitLines, linesOf, type Notice } from '../notice.js'
import { asCode, codeFrame, type NoticeRequest, postJson } from './request.js'

/** A post of Mattermost holds this much since its version 5.0. */
const maxTextLength = 16_383

/** An incoming webhook of Mattermost: as Slack's, but that nothing is escaped in code. */
export function mattermost(notice: Notice, url: URL): NoticeRequest {
  return postJson(url, { text: asCode(fitLines(linesOf(notice), maxTextLength - codeFrame)) })
}
