import { HtmlValidate } from 'html-validate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { certificateTypes } from '../../../src/setups/certificates/certificate-types.js'
import { routerTypes } from '../../../src/setups/router-types.js'
import { hosts, type World } from '../../support/world.js'
import { callerV4, callerV6, startPublicWorld } from '../nic.js'
import { open } from './person.js'

let world: World
beforeAll(async () => {
  world = await startPublicWorld()
  for (const from of [callerV4, callerV4, callerV6]) await world.register(hosts.home, from)
  await world.register({ ...hosts.home, token: 'wrong' }, callerV4, { headers: { 'user-agent': `<"'&>` } })
})
afterAll(() => world.close())

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    // A row of our templates may be long, and end where a value ends.
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'doctype-style': ['error', { style: 'uppercase' }],
  },
})

const paths = [
  '/',
  '/help',
  '/host',
  '/host/setup',
  ...routerTypes.map(({ type }) => `/host/setup/${type}`),
  ...certificateTypes.map(({ type }) => `/host/setup/certificates/${type}`),
  '/register_ip',
  '/nic/update?hostname=home.example.com,"><b>',
  '/nowhere',
]

it.each(paths)('%s is valid', async (path) => {
  const { body } = await open(world, path, hosts.home)
  const { results } = await validator.validateString(body)
  expect(
    results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`),
    ),
  ).toEqual([])
})

it.each(['/host', '/register_ip'])('%s is valid for a stranger', async (path) => {
  const { body } = await open(world, path)
  expect((await validator.validateString(body)).valid).toBe(true)
})
