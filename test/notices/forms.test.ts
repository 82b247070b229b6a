import { describe, expect, it } from 'vitest'
import { describe as describeNotice, testNotice } from '../../src/notices/describe.js'
import { pingOf, requestOf } from '../../src/notices/forms/form.js'
import type { Notice } from '../../src/notices/notice.js'
import { parseTargets, type Target } from '../../src/notices/targets.js'

const at = new Date('2026-11-25T10:41:26.000Z')

/** One address that has changed. */
const change = describeNotice({
  kind: 'address-changed',
  items: [{ host: 'home.example.com', type: 'AAAA', address: '2001:100::7', times: 1 }],
  unnamed: 0,
  at,
})

/** Three lines and what is markup elsewhere. */
const odd: Notice = {
  ...change,
  severity: 'error',
  title: '*.example.com <b> & `x`',
  lines: ['_a_ @everyone', 'ü'],
}

/** More than any service takes. */
const long: Notice = { ...change, severity: 'warning', lines: Array(500).fill(`${'ä'.repeat(98)}.`) }

function target(text: string): Target {
  const parsed = parseTargets(text)
  if ('flaw' in parsed || !parsed.targets[0]) throw new Error('no target')
  return parsed.targets[0]
}

/** What is sent to a URL, its body read. */
function sent(notice: Notice, url: string) {
  const { body, secrets: _, ...request } = requestOf(notice, target(url))
  return { ...request, body: JSON.parse(body ?? 'null') }
}

const headers = { 'content-type': 'application/json' }

describe('a notice as', () => {
  it('JSON', () => {
    expect(sent(change, 'https://u:p@example.net/hook?key=x')).toEqual({
      method: 'POST',
      url: 'https://example.net/hook?key=x',
      headers: { ...headers, authorization: 'Basic dTpw' },
      body: {
        service: 'dyndns53',
        kind: 'address-changed',
        severity: 'info',
        time: '2026-11-25T10:41:26.000Z',
        title: 'home.example.com is now at 2001:100::7',
        text: 'home.example.com is now at 2001:100::7',
        count: 1,
        items: [{ host: 'home.example.com', type: 'AAAA', address: '2001:100::7', times: 1 }],
        unnamed: 0,
      },
    })
  })

  it('ntfy’s JSON, which goes to the root and names the topic', () => {
    const url = 'ntfy+http://ntfy.example.net:8080/home_alerts?auth=x'
    expect(sent(change, url)).toEqual({
      method: 'POST',
      url: 'http://ntfy.example.net:8080/?auth=x',
      headers,
      body: {
        topic: 'home_alerts',
        title: 'home.example.com is now at 2001:100::7',
        message: 'home.example.com is now at 2001:100::7',
        priority: 3,
        tags: ['information_source'],
      },
    })
    expect(sent(odd, url).body).toMatchObject({
      title: '*.example.com <b> & `x`',
      message: '_a_ @everyone\nü',
      priority: 5,
      tags: ['rotating_light'],
    })
    expect(sent(long, url).body).toMatchObject({ priority: 4, tags: ['warning'] })
  })

  it('a message of Slack', () => {
    const url = 'https://hooks.slack.com/services/T0/B0/xxx'
    expect(sent(change, url)).toEqual({
      method: 'POST',
      url,
      headers,
      body: { text: '```\nhome.example.com is now at 2001:100::7\n```' },
    })
    expect(sent(odd, url).body).toEqual({
      text: '```\n*.example.com &lt;b&gt; &amp; ’x’\n_a_ @everyone\nü\n```',
    })
  })

  it('a post of Mattermost', () => {
    expect(sent(odd, 'mattermost+https://chat.example.net/hooks/xxx')).toEqual({
      method: 'POST',
      url: 'https://chat.example.net/hooks/xxx',
      headers,
      body: { text: '```\n*.example.com <b> & ’x’\n_a_ @everyone\nü\n```' },
    })
  })

  it('a message of Discord, which calls nobody', () => {
    expect(sent(odd, 'https://discord.com/api/webhooks/1/xxx?thread_id=2')).toEqual({
      method: 'POST',
      url: 'https://discord.com/api/webhooks/1/xxx?thread_id=2',
      headers,
      body: {
        content: '```\n*.example.com <b> & ’x’\n_a_ @everyone\nü\n```',
        allowed_mentions: { parse: [] },
      },
    })
  })

  it('a message of Telegram, to the chat of the query', () => {
    const url = 'https://api.telegram.org/bot1:xxx/sendMessage?chat_id=-100&message_thread_id=7'
    expect(sent(odd, url)).toEqual({
      method: 'POST',
      url: 'https://api.telegram.org/bot1:xxx/sendMessage',
      headers,
      body: {
        chat_id: '-100',
        message_thread_id: '7',
        text: '*.example.com <b> & `x`\n_a_ @everyone\nü',
        link_preview_options: { is_disabled: true },
      },
    })
  })

  it('a ping, which says nothing', () => {
    const monitor = target('ping+https://u:p@kuma.example.net/api/push/xxx?status=up&msg=OK&ping=')
    const request = {
      method: 'GET',
      url: 'https://kuma.example.net/api/push/xxx?status=up&msg=OK&ping=',
      headers: { authorization: 'Basic dTpw' },
      body: undefined,
      secrets: ['api', 'push', 'xxx'],
    }
    expect(pingOf(monitor)).toEqual(request)
    expect(requestOf(testNotice(at), monitor)).toEqual(request)
  })
})

describe('a long notice', () => {
  it.each<[string, string, number, (text: string) => number]>([
    ['ntfy+http://10.0.0.7/topic', 'message', 4096, Buffer.byteLength],
    ['slack+http://10.0.0.7/', 'text', 4000, (text) => text.length],
    ['mattermost+http://10.0.0.7/', 'text', 16_383, (text) => text.length],
    ['discord+http://10.0.0.7/', 'content', 2000, (text) => text.length],
    ['telegram+http://10.0.0.7/bot1/sendMessage?chat_id=1', 'text', 4096, (text) => text.length],
  ])('to %s is cut between lines', (url, field, limit, sizeOf) => {
    const text: string = sent(long, url).body[field]
    expect(sizeOf(text)).toBeLessThanOrEqual(limit)
    expect(sizeOf(text)).toBeGreaterThan(limit - 2 * sizeOf(long.lines[0] ?? ''))
    expect(text).toMatch(/ä\.\n…(\n```)?$/)
  })

  it.each([1999, 2000, 2001, 5000])('with a title of %i characters fits too', (length) => {
    const { content } = sent(
      { ...odd, title: '👍'.repeat(length / 2), lines: [] },
      'discord+http://10.0.0.7/',
    ).body
    expect(content.length).toBeLessThanOrEqual(2000)
    expect(content).toMatch(/^```\n(👍)+…\n```$/u)
  })
})
