import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readServerConfig } from '../../src/config/config.js'
import { formNames, parseTargets } from '../../src/notices/targets.js'

/** The targets of a text that has no flaw. */
function targetsOf(text: string) {
  const parsed = parseTargets(text)
  if ('flaw' in parsed) throw new Error(parsed.flaw)
  return parsed.targets
}

describe('the form of a URL', () => {
  it.each([
    ['https://example.net/hook', 'json'],
    ['http://10.0.0.7:8000/hook?a=b', 'json'],
    ['json+https://ntfy.sh/topic/more', 'json'],
    ['https://ntfy.sh/home_alerts-7', 'ntfy'],
    ['NTFY+HTTPS://ntfy.example.net/topic', 'ntfy'],
    ['https://hooks.slack.com/services/T0/B0/xxx', 'slack'],
    ['mattermost+https://chat.example.net/hooks/xxx', 'mattermost'],
    ['https://discord.com/api/webhooks/1/xxx', 'discord'],
    ['https://discordapp.com/api/webhooks/1/xxx', 'discord'],
    ['https://api.telegram.org/bot1:xxx/sendMessage?chat_id=-100', 'telegram'],
    ['telegram+http://10.0.0.7:8081/bot1:xxx/sendMessage?chat_id=@us', 'telegram'],
    ['https://hc-ping.com/4c2d7a3e', 'ping'],
    ['ping+https://kuma.example.net/api/push/xxx?status=up&msg=OK&ping=', 'ping'],
  ])('%s is %s', (text, form) => {
    expect(targetsOf(text)).toMatchObject([{ form, place: 1 }])
  })

  it('goes for each of several, which blanks of any kind stand between', () => {
    const targets = targetsOf(' https://ntfy.sh/a\thttps://example.net:8443/b\n  ping+http://[::1]:3001/c ')
    expect(targets.map(({ form, place, host, url }) => ({ form, place, host, url: url.href }))).toEqual([
      { form: 'ntfy', place: 1, host: 'ntfy.sh', url: 'https://ntfy.sh/a' },
      { form: 'json', place: 2, host: 'example.net:8443', url: 'https://example.net:8443/b' },
      { form: 'ping', place: 3, host: '[::1]:3001', url: 'http://[::1]:3001/c' },
    ])
  })

  it('leaves a login to a header, and nothing to a fragment', () => {
    const [target] = targetsOf('ntfy+https://:tk_a%40b@ntfy.example.net/topic#more')
    expect(target?.url.href).toBe('https://ntfy.example.net/topic')
    expect(target?.authorization).toBe(`Basic ${Buffer.from(':tk_a@b').toString('base64')}`)
    expect(targetsOf('https://example.net/')[0]?.authorization).toBeUndefined()
  })

  it('has parts that nobody may see, in either spelling', () => {
    const [target] = targetsOf('https://user:p%40ss@example.net/hooks/a%20b/x?key=%C3%BCber#no')
    expect(target?.secrets).toEqual(['user', 'p%40ss', 'p@ss', 'hooks', 'a%20b', 'a b', 'über'])
  })
})

describe('a URL that is not taken', () => {
  it.each([
    [' ', 'it is blank'],
    ['example.net', 'URL 1 of 1 does not begin with https:// or http://, maybe behind FORM+'],
    ['https://example.net ftp://S3CR3T', 'URL 2 of 2 does not begin with'],
    ['https://', 'URL 1 of 1 does not begin with'],
    ['teams+https://example.net/S3CR3T', 'URL 1 of 1 has a form that is not known: there are json, ntfy,'],
    ['https://ntfy.sh/', 'URL 1 of 1 names no ntfy topic: its path is / and the topic'],
    ['https://ntfy.sh/a/S3CR3T', 'URL 1 of 1 names no ntfy topic'],
    ['https://api.telegram.org/botS3CR3T/sendMessage', "URL 1 of 1 is not Telegram's"],
    ['https://api.telegram.org/botS3CR3T?chat_id=1', "URL 1 of 1 is not Telegram's"],
    [Array(11).fill('https://example.net').join(' '), 'it has 11 URLs'],
  ])('%s: %s', (text, flaw) => {
    expect(parseTargets(text)).toEqual({ flaw: expect.stringContaining(flaw) })
  })

  it('is named by its place in the problem, and never by its text', () => {
    const env = { DYNDNS_BUCKET: 'dyndns.example.com', DYNDNS_DATABASE: 'database.csv' }
    const read = () =>
      readServerConfig({ ...env, DYNDNS_NOTIFY_URL: 'https://a.example.net gopher://S3CR3T' })
    expect(read).toThrow(
      'DYNDNS_NOTIFY_URL is malformed (URL 2 of 2 does not begin with https:// or http://, maybe behind FORM+): it takes at most 10 URLs with blanks between them',
    )
    expect(read).not.toThrow('S3CR3T')
  })

  it('says nothing of what a URL holds, whatever that is', () => {
    const secret = fc.stringMatching(/^[a-z0-9]{12,20}$/).map((text) => `S3CR3T${text}`)
    const form = fc.constantFrom('', ...formNames.map((name) => `${name}+`), 'other+')
    const start = fc.constantFrom('https://', 'http://u:', 'ftp://', '', 'https://ntfy.sh/', 'https:// ')
    fc.assert(
      fc.property(fc.array(fc.tuple(form, start, secret), { maxLength: 12 }), (urls) => {
        const parsed = parseTargets(urls.map((parts) => parts.join('')).join(' '))
        if ('flaw' in parsed) expect(parsed.flaw).not.toContain('S3CR3T')
      }),
    )
  })
})

describe('DYNDNS_SILENT_HOURS', () => {
  const env = { DYNDNS_BUCKET: 'dyndns.example.com', DYNDNS_DATABASE: 'database.csv' }
  const read = (more: Record<string, string>) => readServerConfig({ ...env, ...more }).notices.silentHours

  it('is from an hour to a year, and with PostgreSQL no longer than its history', () => {
    const postgres = { DATABASE_URL: 'postgres://u@db/name', DYNDNS_HISTORY_DAYS: '2' }
    expect(read({})).toBeUndefined()
    expect(read({ DYNDNS_SILENT_HOURS: '8760' })).toBe(8760)
    expect(read({ ...postgres, DYNDNS_SILENT_HOURS: '48' })).toBe(48)
    expect(() => read({ ...postgres, DYNDNS_SILENT_HOURS: '49' })).toThrow(
      'DYNDNS_SILENT_HOURS is "49": it takes a whole number of hours from 1 to 48 (not longer than DYNDNS_HISTORY_DAYS)',
    )
    expect(() => read({ DYNDNS_SILENT_HOURS: '0' })).toThrow('a whole number of hours from 1 to 8760')
  })
})
