import { afterAll, describe, expect, it } from 'vitest'
import { type Receiver, type Reply, startReceiver, status } from '../notices/receiver.js'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'

const receivers: Receiver[] = []
afterAll(closeProcessWorlds)
afterAll(async () => {
  for (const receiver of receivers) await receiver.close()
})

async function receive(reply?: Reply): Promise<Receiver> {
  const receiver = await startReceiver(reply)
  receivers.push(receiver)
  return receiver
}

/** Runs the command with these URLs. */
async function notify(urls: string | undefined, ...args: string[]) {
  const { run } = await startProcessWorld()
  const { status, stdout, stderr } = await run(['notify', ...args], urls ? { DYNDNS_NOTIFY_URL: urls } : {})
  return { status, stdout: stdout.toString(), stderr }
}

describe.concurrent('notify --test', () => {
  it('sends one to each, and says what each answered', async () => {
    const taking = await receive()
    const telegram = await receive(status(200, '{"ok":true,"result":{}}'))
    const result = await notify(
      `http://${taking.host}/S3CR3T-a ntfy+http://${taking.host}/S3CR3T-topic slack+http://${taking.host}/S3CR3T-b ` +
        `mattermost+http://${taking.host}/S3CR3T-c discord+http://${taking.host}/S3CR3T-d ` +
        `telegram+http://${telegram.host}/botS3CR3T/sendMessage?chat_id=7 ping+http://${taking.host}/S3CR3T-e`,
      '--test',
    )
    expect(result).toEqual({
      status: 0,
      stdout: [
        `1  json        ${taking.host}  ok      status 200: ok`,
        `2  ntfy        ${taking.host}  ok      status 200: ok`,
        `3  slack       ${taking.host}  ok      status 200: ok`,
        `4  mattermost  ${taking.host}  ok      status 200: ok`,
        `5  discord     ${taking.host}  ok      status 200: ok`,
        `6  telegram    ${telegram.host}  ok      status 200: {"ok":true,"result":{}}`,
        `7  ping        ${taking.host}  ok      status 200: ok`,
        '',
      ].join('\n'),
      stderr: '',
    })
    expect(taking.received.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /S3CR3T-e',
      'POST /',
      'POST /S3CR3T-a',
      'POST /S3CR3T-b',
      'POST /S3CR3T-c',
      'POST /S3CR3T-d',
    ])
    const words = 'A test: notices of dyndns53 arrive here'
    const texts = taking.received.filter(({ method }) => method === 'POST').map(({ body }) => body)
    for (const body of texts) expect(body).toContain(words)
    expect(telegram.bodies()).toEqual([
      { chat_id: '7', text: words, link_preview_options: { is_disabled: true } },
    ])
  })

  it('says which did not take it, without its URL, and ends with 1', async () => {
    const [taking, gone] = [await receive(), await receive()]
    const refusing = await receive(status(404, 'no_service for /services/S3CR3T'))
    const moved = await receive(status(302, '', { location: `http://${taking.host}/elsewhere` }))
    const busy = await receive(status(429, '{"message":"slow down"}', { 'retry-after': '5' }))
    await gone.close()
    const hosts = [taking, refusing, moved, busy, gone].map(({ host }) => host)
    const urls = hosts.map((host) => `http://u:S3CR3T-p@${host}/services/S3CR3T?key=S3CR3T`).join(' ')
    const { status: exit, stdout, stderr } = await notify(urls, '--test')
    expect(exit).toBe(1)
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^1 .* ok +status 200: ok$/),
      expect.stringMatching(/^2 .* failed +status 404$/),
      expect.stringMatching(/^3 .* failed +status 302: a redirect, which is not followed$/),
      expect.stringMatching(/^4 .* failed +status 429: \{"message":"slow down"\}$/),
      expect.stringMatching(/^5 .* failed +ECONNREFUSED$/),
      '',
    ])
    expect(stderr).toBe('dyndns53: 4 URLs of 5 did not take it\n')
    expect(stdout + stderr).not.toContain('S3CR3T')
    expect(taking.received.map(({ path }) => path)).toEqual(['/services/S3CR3T?key=S3CR3T'])
  })

  it('does not send to the terminal what commands it', async () => {
    const odd = await receive(status(200, '\x1b[31mred\x07'))
    const { stdout } = await notify(`http://${odd.host}/`, '--test')
    expect(stdout).toContain('status 200: [31mred')
    expect(stdout).not.toContain('\x1b')
  })

  it('needs a URL, in order', async () => {
    expect(await notify(undefined, '--test')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('DYNDNS_NOTIFY_URL is not set, so nobody is told'),
    })
    const { status: exit, stderr } = await notify('https://example.net gopher://S3CR3T', '--test')
    expect(exit).toBe(1)
    expect(stderr).toContain('DYNDNS_NOTIFY_URL is malformed (URL 2 of 2 does not begin with')
    expect(stderr).not.toContain('S3CR3T')
  })

  it('is asked for in words', async () => {
    expect(await notify('https://example.net')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: "error: required option '--test' not specified\n",
    })
  })
})
