import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPostgres, type Postgres, PostgresError } from '../../src/store/postgres.js'
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.js'
import { startTcpProxy, type TcpProxy } from '../support/proxy.js'
import { describePostgres } from './cluster.js'

let server: TestPostgres
let proxy: TcpProxy
let postgres: Postgres

beforeAll(async () => {
  if (!findPostgres()) return
  server = await startPostgres()
  proxy = await startTcpProxy(server.port)
  const { url } = await server.createDatabase()
  postgres = createPostgres({ url: url.replace(`:${server.port}/`, `:${proxy.port}/`), tls: 'none' })
})
afterAll(async () => {
  await postgres?.close()
  await proxy?.close()
  await server?.close()
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const works = async () => expect(await postgres.query('SELECT 1 AS one')).toEqual([{ one: 1 }])

// An error that nobody hears ends the process, and here the run of the tests.
describePostgres('a connection that breaks', () => {
  it('while a statement of a transaction runs, fails the transaction and nothing else', async () => {
    const transaction = postgres.transaction(async (query) => {
      const slow = query('SELECT pg_sleep(1)')
      await pause(200)
      proxy.cut()
      await slow
    })
    await expect(transaction).rejects.toThrow(PostgresError)
    await works()
  })

  it('between two statements of a transaction, fails the next one', async () => {
    const transaction = postgres.transaction(async (query) => {
      proxy.cut()
      await pause(200)
      await query('SELECT 1')
    })
    await expect(transaction).rejects.toThrow(PostgresError)
    await works()
  })

  it('after a transaction, is replaced', async () => {
    await postgres.transaction((query) => query('SELECT 1'))
    proxy.cut()
    await pause(200)
    await works()
  })
})
