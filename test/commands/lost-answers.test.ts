import { writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import type { S3EmulatorOptions } from '../../emulators/s3/emulator.js'
import type { S3Call } from '../../emulators/s3/request.js'
import {
  bucket,
  closeProcessWorlds,
  key,
  type ProcessWorld,
  startProcessWorld,
} from '../support/processes.js'

afterAll(closeProcessWorlds)

const base = 'home.example.com,T0KEN-1\n'
const uploaded = `${base}new.example.com,T0KEN-2\n`
const isPut = ({ method }: S3Call) => method === 'PUT'
const isGet = ({ method }: S3Call) => method === 'GET'

/** All attempts that the SDK makes at one call. */
const attempts = 3

async function createWorld(options?: S3EmulatorOptions): Promise<ProcessWorld> {
  const world = await startProcessWorld({ s3: options, zones: ['example.com'] })
  world.s3.put(bucket, key, base)
  await writeFile(world.file('hosts.csv'), uploaded)
  return world
}

const commands = [
  ['upload-database', 'hosts.csv'],
  ['add-host', 'new.example.com'],
] as const

describe.concurrent('a write whose answer is lost, though it was done, is found to be done', () => {
  it.each([1, attempts])('in the first %d attempts', async (times) => {
    for (const args of commands) {
      const { dyndns53, s3, stored } = await createWorld()
      s3.inject({ kind: 'apply-then-reset', on: isPut, times })
      const { status, stdout } = await dyndns53(...args)
      expect(status).toBe(0)
      expect(stored()).toBe(args[0] === 'add-host' ? base + stdout : uploaded)
    }
  })

  it('even if somebody else writes over it at once', async () => {
    let puts = 0
    const { dyndns53, s3, stored } = await createWorld({
      allow(call) {
        if (isPut(call) && ++puts === 2) s3.put(bucket, key, `# other\n${stored()}`)
        return true
      },
    })
    s3.inject({ kind: 'apply-then-reset', on: isPut })
    const { status, stdout } = await dyndns53('add-host', 'new.example.com')
    expect({ status, stored: stored() }).toEqual({ status: 0, stored: `# other\n${base}${stdout}` })
  })

  it('even a removal', async () => {
    let puts = 0
    const { dyndns53, s3, stored } = await createWorld({
      allow(call) {
        if (isPut(call) && ++puts === 2) s3.put(bucket, key, `# other\n${stored()}`)
        return true
      },
    })
    s3.put(bucket, key, uploaded)
    s3.inject({ kind: 'apply-then-reset', on: isPut })
    expect(await dyndns53('remove-host', 'new.example.com', '--yes')).toMatchObject({ status: 0 })
    expect(stored()).toBe(`# other\n${base}`)
  })
})

describe.concurrent('a write of which nothing is known is told as that', () => {
  it.each(['reset', 'apply-then-reset'] as const)('%s, and then S3 is gone', async (kind) => {
    for (const args of commands) {
      const { dyndns53, s3, stored } = await createWorld()
      s3.inject({ kind, on: isPut, times: attempts })
      // The first look goes well.
      s3.inject({ kind: 'delay', ms: 0, on: isGet })
      s3.inject({ kind: 'reset', on: isGet, times: attempts })
      const { status, stdout, stderr } = await dyndns53(...args)
      expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
      expect(stderr).toMatch(
        /dyndns53: [^\n]*whether it was written is not known: run the command again later[^\n]*\n$/,
      )
      const isWritten = kind === 'apply-then-reset'
      expect(stored() !== base).toBe(isWritten)

      const again = await dyndns53(...args)
      if (args[0] === 'upload-database') {
        expect({ status: again.status, stored: stored() }).toEqual({ status: 0, stored: uploaded })
        if (isWritten) expect(again.stderr).toMatch(/is the same as hosts\.csv already/)
      } else {
        expect(again.status).toBe(isWritten ? 1 : 0)
        if (isWritten) expect(again.stderr).toMatch(/already.*rotate-token gives it a new token/)
      }
    }
  })

  it('reset, and the old version is there: it may still be on its way', async () => {
    const { dyndns53, s3 } = await createWorld()
    s3.inject({ kind: 'reset', on: isPut, times: attempts })
    const { status, stderr } = await dyndns53('add-host', 'new.example.com')
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/is not known/) })
  })
})

describe.concurrent('a write that S3 refuses is told as not done', () => {
  it.each<[string, Parameters<ProcessWorld['s3']['inject']>[0], RegExp]>([
    ['throttled', { kind: 'throttle' }, /SlowDown.*nothing was written/],
    [
      'broken',
      { kind: 'refuse', status: 500, code: 'InternalError', message: 'Oops' },
      /Internal.*nothing was written/,
    ],
    [
      'denied',
      { kind: 'refuse', status: 403, code: 'AccessDenied', message: 'No' },
      /access denied.*s3:PutObject/,
    ],
  ])('%s', async (_, fault, message) => {
    for (const args of commands) {
      const { dyndns53, s3, stored } = await createWorld()
      s3.inject({ ...fault, on: isPut, times: attempts })
      const { status, stdout, stderr } = await dyndns53(...args)
      expect({ status, out: stdout.length, stored: stored() }).toEqual({ status: 1, out: 0, stored: base })
      expect(stderr).toMatch(message)
    }
  })

  it('but once refused, it is tried again', async () => {
    const { dyndns53, s3, stored } = await createWorld()
    s3.inject({ kind: 'throttle', on: isPut, times: attempts - 1 })
    const { status, stdout } = await dyndns53('add-host', 'new.example.com')
    expect({ status, stored: stored() }).toEqual({ status: 0, stored: base + stdout })
  })
})
