import { afterEach, expect, it } from 'vitest'
import { startWorld, type World } from '../support/world.js'

let world: World
afterEach(() => world.close())

it("the log says what is odd about a host's token where its login fails, and of no other host", async () => {
  const token = 'T0KEN-of-many-characters'
  world = await startWorld({
    csv: `home.example.com,${token}\u200b\ncabin.example.com,${token}\n`,
  })
  for (const user of ['home.example.com', 'cabin.example.com', 'unknown.example.com']) {
    expect(await world.register({ user, token: 'wrong' })).toMatchObject({ status: 401 })
  }
  const said = 'the token on line 1 has a character without width (U+200B) as character 25 of 25'
  const failures = world.log.filter(({ msg }) => msg === 'login failed')
  expect(failures.map(({ hint }) => hint)).toEqual([expect.stringContaining(said), undefined, undefined])
  expect(world.log.filter(({ msg }) => msg === 'host database: look at this line')).toMatchObject([
    { line: 1 },
  ])
  expect(world.printed()).not.toContain('T0KEN')
  expect(await world.register({ user: 'home.example.com', token: `${token}\u200b` })).toMatchObject({
    status: 200,
  })
})
