import { expect } from 'vitest'
import { type Answer, hosts, type Login, request, type World } from '../../support/world.js'

/** A host of every world, and where its challenge stands. */
export const home = 'home.example.com'
export const homeChallenge = '_acme-challenge.home.example.com'

/** The value of a challenge: different for different numbers, and as long as every one. */
export function challengeValue(number: number): string {
  return `value-_${String(number).padStart(36, '0')}`
}

/** How a request differs from a right one by home.example.com. */
export interface AskInit {
  readonly login?: Login | undefined
  readonly fqdn?: string
  readonly from?: string
  /** In place of the whole body. */
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
}

/** Asks lego's way at this path for this value. */
export async function ask(world: World, path: string, value: string, init: AskInit = {}): Promise<Answer> {
  const login = 'login' in init ? init.login : hosts.home
  const { fqdn = `${homeChallenge}.`, method = 'POST', headers } = init
  const body = init.body ?? JSON.stringify({ fqdn, value })
  const answer = await request(world.url + path, login, init.from, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'POST' && { body }),
  })
  if (answer.status !== 200) expect(answer.body).not.toContain(value)
  return answer
}

/** Asks as a client of acme-dns does. */
export async function update(
  world: World,
  txt: string,
  { login = hosts.home, subdomain = home }: { login?: Login | undefined; subdomain?: string } = {},
): Promise<Answer> {
  const headers = { 'x-api-user': login.user, 'x-api-key': login.token }
  const answer = await request(`${world.url}/update`, undefined, undefined, {
    method: 'POST',
    body: JSON.stringify({ subdomain, txt }),
    headers,
  })
  if (answer.status !== 200) expect(answer.body).not.toContain(txt)
  return answer
}

/** The sentence of a failure, with its status. */
export function failureOf({ status, body, headers }: Answer): string {
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  const { error, ...more } = JSON.parse(body)
  expect(more).toEqual({})
  return `${status} ${error}`
}

/** The values at a challenge's name, without their quotes. */
export function textsAt(world: World, name = homeChallenge): string[] {
  return world.held(name, 'TXT').map((value) => value.slice(1, -1))
}
