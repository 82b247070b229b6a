import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readServerConfig } from '../../src/config/config.js'
import { watchServer } from '../support/server-process.js'
import { hosts, request, startWorld, type World } from '../support/world.js'
import { hasProgram, makeFolder, projectFolder } from './shell.js'

const read = (file: string) => readFileSync(join(projectFolder, file), 'utf8')

interface Service {
  readonly build?: string
  readonly init?: boolean
  readonly env_file?: string
  readonly environment?: Record<string, string>
  readonly ports?: readonly string[]
  readonly profiles?: readonly string[]
  readonly volumes?: readonly string[]
  readonly stop_grace_period?: string
}

describe('compose.yaml', () => {
  const { services, volumes }: { services: Record<string, Service>; volumes: Record<string, unknown> } =
    parse(read('compose.yaml'))
  const { dyndns53, caddy, postgres } = services

  it('lets nobody past Caddy to the service, which believes one hop', () => {
    expect(dyndns53?.ports).toBeUndefined()
    expect(caddy?.ports).toEqual(['80:80', '443:443', '443:443/udp'])
    const bare = { DYNDNS_BUCKET: 'bucket', DYNDNS_DATABASE: 'database.csv' }
    const config = readServerConfig({ ...bare, ...dyndns53?.environment })
    expect(config).toMatchObject({ port: 8080, trustProxy: 1 })
    expect(read('deploy/Caddyfile')).toContain(`dyndns53:${config.port}`)
  })

  it('gives the service its time to end, and the settings of .env', () => {
    expect(dyndns53).toMatchObject({ build: '.', init: true, env_file: '.env', stop_grace_period: '30s' })
  })

  it('starts PostgreSQL only where it is asked for', () => {
    expect(postgres?.profiles).toEqual(['postgres'])
    expect([dyndns53?.profiles, caddy?.profiles]).toEqual([undefined, undefined])
  })

  it('mounts what is there, and declares its volumes', () => {
    const mounts = Object.values(services).flatMap((service) => service.volumes ?? [])
    const [files, named] = [mounts.filter((m) => m.startsWith('.')), mounts.filter((m) => !m.startsWith('.'))]
    expect(files.map((mount) => read(mount.split(':')[0] ?? ''))).toEqual([read('deploy/Caddyfile')])
    expect(named.map((mount) => mount.split(':')[0])).toEqual(Object.keys(volumes))
  })
})

const hasCaddy = hasProgram('caddy')

it.runIf(process.env['CLIENTS_REQUIRED'])('Caddy is installed', () => {
  expect(hasCaddy).toBe(true)
})

describe.skipIf(!hasCaddy)(`deploy/Caddyfile${hasCaddy ? '' : ' (not run: no caddy here)'}`, () => {
  let world: World
  let caddy: Awaited<ReturnType<typeof startCaddy>> | undefined
  beforeAll(async () => {
    world = await startWorld()
    caddy = await startCaddy(world.service.port)
  })
  afterAll(async () => {
    caddy?.child.kill('SIGTERM')
    await caddy?.exited
    await world.close()
  })

  it('answers on plain http without a redirect', async () => {
    const answer = await request(`${caddy?.http}/register_ip`, hosts.home)
    expect(answer).toMatchObject({ status: 200, body: 'good 127.0.0.1' })
    expect(answer.headers.get('content-length')).toBe(String('good 127.0.0.1'.length))
  })

  it('answers on https, with a certificate that it got by itself', async () => {
    expect(await getUnverified(`${caddy?.https}/check_ip`)).toBe('127.0.0.1')
  })

  it('does not pass on an X-Forwarded-For of the client’s own', async () => {
    const answer = await request(`${caddy?.http}/check_ip`, undefined, '203.0.113.66')
    expect(answer.body).toBe('127.0.0.1')
  })
})

/** Starts Caddy with the project's file for the host `localhost`, on free ports and with certificates of its own making. */
async function startCaddy(servicePort: number) {
  const folder = await makeFolder()
  const [httpPort, httpsPort] = [await freePort(), await freePort()]
  const options = [
    `http_port ${httpPort}\nhttps_port ${httpsPort}`,
    'admin off\nlocal_certs\nskip_install_trust',
    `storage file_system ${folder}`,
  ]
  const file = join(folder, 'Caddyfile')
  await writeFile(file, `{\n${options.join('\n')}\n}\nimport ${join(projectFolder, 'deploy/Caddyfile')}\n`)
  const caddy = watchServer(
    spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', file], {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        DYNDNS_SITE: 'localhost',
        DYNDNS_UPSTREAM: `127.0.0.1:${servicePort}`,
      },
    }),
  )
  await caddy.logged('certificate obtained successfully')
  return { ...caddy, http: `http://localhost:${httpPort}`, https: `https://localhost:${httpsPort}` }
}

function getUnverified(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(url, { rejectUnauthorized: false, family: 4 }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve(body))
    })
    asked.on('error', reject).end()
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
