import { describe, expect, it } from 'vitest'
import { startS3Emulator } from '../../emulators/s3/emulator.js'
import type { S3Fault } from '../../emulators/s3/faults.js'
import type { Answer } from '../support/request.js'
import { logins, onGround, type Running } from './ground.js'

/** The rows of s3-at-start.test.ts that take a process of their own, or its time. */

const [home] = logins as [(typeof logins)[0]]

/** A registration that comes before there are hosts. */
async function registerEarly({ process, register }: Running): Promise<{ answer: Promise<Answer> }> {
  const answer = register(home)
  expect((await register(undefined, undefined, '/check_ip')).body).toBe('203.0.113.7')
  expect(process.printed()).not.toContain('host database loaded')
  return { answer }
}

describe.concurrent('the built server waits for S3', () => {
  it.each<[string, S3Fault]>([
    ['that takes the call and says nothing', { kind: 'stall' }],
    ['that stops in the middle of the body', { kind: 'stall-body' }],
  ])('%s', (_, fault) =>
    onGround(async (ground) => {
      ground.s3.inject(fault)
      const running = await ground.start({}, false)
      const early = await registerEarly(running)
      expect((await early.answer).body).toBe('good 203.0.113.7')
      expect(ground.held(home.user)).toEqual(['203.0.113.7'])
    }),
  )

  it('that is down', () =>
    onGround(async (ground) => {
      const { port, store } = ground.s3
      await ground.s3.close()
      const running = await ground.start({}, false)
      await running.process.logged('host database not loaded yet, will be tried again')
      const early = await registerEarly(running)
      const again = await startS3Emulator({ port, store })
      expect((await early.answer).body).toBe('good 203.0.113.7')
      await again.close()
    }))
})

describe.concurrent('the built server ends with 1', () => {
  it('and one line that says why, where its region is wrong', () =>
    onGround(
      async (ground) => {
        const { exited, printed } = ground.spawn()
        expect(await exited).toBe(1)
        const fatal = printed()
          .split('\n')
          .filter((line) => line.includes('the service cannot run'))
        expect(fatal).toEqual([expect.stringContaining('set AWS_REGION to the bucket')])
        expect(printed()).not.toMatch(/^\s+at |node:internal|secret|AKIA/m)
      },
      { region: 'eu-west-1', wrongRegion: 'malformed' },
    ))

  it('and a client that asks before that is put off, or gets no answer', () =>
    onGround(async (ground) => {
      ground.s3.inject({ kind: 'delay', ms: 1000 })
      const running = await ground.start({ DYNDNS_DATABASE: 'other.csv' }, false)
      while (running.process.child.exitCode === null) {
        const answer = await running.register(home).then(
          ({ status, body }) => `${status} ${body}`,
          () => 'none',
        )
        expect(['503 911', 'none']).toContain(answer)
      }
      expect(await running.process.exited).toBe(1)
    }))
})
