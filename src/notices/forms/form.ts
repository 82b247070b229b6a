import type { Notice } from '../notice.js'
import type { FormName, Target } from '../targets.js'
import { discord } from './discord.js'
import { json } from './json.js'
import { mattermost } from './mattermost.js'
import { ntfy } from './ntfy.js'
import { ping } from './ping.js'
import type { NoticeRequest, SecretRequest } from './request.js'
import { slack } from './slack.js'
import { telegram } from './telegram.js'

const forms: Readonly<Record<FormName, (notice: Notice, url: URL) => NoticeRequest>> = {
  json,
  ntfy,
  slack,
  mattermost,
  discord,
  telegram,
  ping: (_, url) => ping(url),
}

/** The request that brings a notice to a target, login included. */
export function requestOf(notice: Notice, target: Target): SecretRequest {
  return withSecrets(forms[target.form](notice, target.url), target)
}

/** The request that tells a target of the form `ping` that all is well. */
export function pingOf(target: Target): SecretRequest {
  return withSecrets(ping(target.url), target)
}

function withSecrets(request: NoticeRequest, { authorization, secrets }: Target): SecretRequest {
  const headers = authorization === undefined ? request.headers : { ...request.headers, authorization }
  return { ...request, headers, secrets }
}
