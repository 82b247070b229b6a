import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { note } from './table.js'

/** A server in a process of its own, its log read and thrown away. */
export interface MeasuredServer {
  readonly child: ChildProcess
  readonly port: number
  /** Ends the process at once. */
  kill(): void
}

/** The server as it is deployed. */
const built = new URL('../dist/server.js', import.meta.url)

/** Starts it on a free port with this environment, or another program; resolves when it can serve. It ends with this process. */
export async function startMeasuredServer(
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
  program: URL = built,
): Promise<MeasuredServer> {
  const child = spawn(process.execPath, [...nodeOptions, fileURLToPath(program)], {
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let isKilled = false
  const kill = () => {
    isKilled = true
    child.kill('SIGKILL')
  }
  process.once('exit', kill)
  child.once('exit', (status, signal) => {
    process.off('exit', kill)
    if (!isKilled)
      note(`process ${child.pid} of the server ended ${signal ? `by ${signal}` : `with status ${status}`}`)
  })
  return { child, kill, port: await readPort(child) }
}

/** Resolves once the log says that it listens and that the database is loaded; what comes then is not looked at. */
function readPort({ stdout }: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (chunk: string) => {
      text += chunk
      const [, port] = /"port":(\d+),"msg":"listening"/.exec(text) ?? []
      if (port === undefined || !text.includes('"host database loaded"')) return
      stdout?.off('data', read).resume()
      resolve(Number(port))
    }
    stdout?.setEncoding('utf8').on('data', read)
    stdout?.once('end', () => reject(new Error(`the server ended:\n${text}`)))
  })
}
