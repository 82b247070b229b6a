import { expect, it } from 'vitest'
import { describeClient } from './client.js'
import { curl } from './fetchers.js'
import { token } from './household.js'
import { startProgram } from './program.js'
import { itKeepsHostsUpToDate } from './scenarios.js'

describeClient(curl, () => {
  const home = itKeepsHostsUpToDate(curl)

  async function run(path: string, ...options: string[]): Promise<string> {
    const url = `http://${home().authority}${path}`
    const log = await startProgram('curl', ['-q', '-sS', ...options, url], await home().newDirectory()).ended
    return log.trim()
  }

  it('asks check_ip, and sends what it hears', async () => {
    home().address = '127.0.0.3'
    const host = home().newHost()
    const address = await run('/check_ip')
    expect(address).toBe('127.0.0.3')
    expect(await run(`/nic/update?myip=${address}`, '-u', `${host}:${token}`)).toBe('good 127.0.0.3')
    expect(home().held(host)).toEqual(['127.0.0.3'])
  })

  it('registers both addresses by one request, and only for as long as they change', async () => {
    const host = home().newHost()
    const both = (...addresses: string[]) => run(`/nic/update?myip=${addresses}`, '-u', `${host}:${token}`)
    expect(await both('198.51.100.7', '2001:db8::7')).toBe('good 198.51.100.7,2001:db8::7')
    expect(await both('2001:db8::7', '198.51.100.7')).toBe('nochg 198.51.100.7,2001:db8::7')
    expect(await both('198.51.100.8', '2001:db8::7')).toBe('good 198.51.100.8,2001:db8::7')
    expect([...home().held(host), ...home().held(host, 'AAAA')]).toEqual(['198.51.100.8', '2001:db8::7'])
  })

  it('posts a form', async () => {
    const host = home().newHost()
    const form = ['-d', `hostname=${host}`, '-d', 'myip=198.51.100.7']
    expect(await run('/nic/update', '-u', `${host}:${token}`, ...form)).toBe('good 198.51.100.7')
    expect(home().held(host)).toEqual(['198.51.100.7'])
  })
})
