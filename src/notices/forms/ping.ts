import type { NoticeRequest } from './request.js'

/** A monitor that waits to be asked for: of Healthchecks, or an Uptime Kuma, whose older versions take GET alone. */
export function ping(url: URL): NoticeRequest {
  return { method: 'GET', url: url.href, headers: {}, body: undefined }
}
