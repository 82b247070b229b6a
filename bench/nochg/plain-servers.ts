import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import basicAuth from 'basic-auth'
import express from 'express'
import helmet from 'helmet'
import { pino } from 'pino'
import { hostName, hosts, paths, token } from './town.js'

// What the service is compared with, in a process of its own: node --import tsx plain-servers.ts, with PLAIN_SERVER as one of
// the names below. Each answers `nochg` and the caller's address, whatever Route 53 holds.

const servers: Readonly<Record<string, () => RequestListener>> = {
  raw: () => (req, res) => {
    const body = `nochg ${req.headers['x-forwarded-for']}`
    res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body) }).end(body)
  },

  express() {
    const app = express()
    app.set('trust proxy', 1)
    for (const path of paths) app.get(path, (req, res) => void res.type('text').send(`nochg ${req.ip}`))
    return app
  },

  /** With what no service of this kind can leave out. */
  honest() {
    const digestOf = (text: string) => createHash('sha256').update(text).digest()
    const digests = new Map(Array.from({ length: hosts }, (_, index) => [hostName(index), digestOf(token)]))
    const log = pino({ base: null })
    const app = express()
    app.set('trust proxy', 1)
    app.use(helmet())
    app.use((req, res, next) => {
      const startedMs = performance.now()
      const { method, path, ip } = req
      res.once('close', () => {
        const host = basicAuth(req)?.name
        log.info(
          { method, path, ip, host, status: res.statusCode, ms: performance.now() - startedMs },
          'request',
        )
      })
      next()
    })
    for (const path of paths) {
      app.get(path, (req, res) => {
        const { name = '', pass = '' } = basicAuth(req) ?? {}
        const digest = digests.get(name)
        if (!digest || !timingSafeEqual(digest, digestOf(pass))) {
          res.status(401).set('WWW-Authenticate', 'Basic realm="dyndns"').type('text').send('badauth')
          return
        }
        res.set('Cache-Control', 'no-store').type('text').send(`nochg ${req.ip}`)
      })
    }
    return app
  },
}

const create = servers[process.env['PLAIN_SERVER'] ?? '']
if (!create) throw new Error('PLAIN_SERVER is none of them')
const server = createServer({ keepAliveTimeout: 95_000 }, create()).listen({ port: 0, backlog: 511 }, () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`{"port":${port},"msg":"listening"}\n{"msg":"host database loaded"}\n`)
})
