import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'

/** How a program was called. */
export interface ProgramCall {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
}

/** Programs that stand in for others: each call is answered here, with what it prints. */
export interface StandIns {
  /** The folder to put in front of the PATH. */
  readonly bin: string
  readonly calls: readonly ProgramCall[]
  close(): Promise<void>
}

const program = `#!/usr/bin/env node
const [, path, ...args] = process.argv
const call = { program: require('node:path').basename(path), args, cwd: process.cwd() }
fetch('URL', { method: 'POST', body: JSON.stringify(call) }).then(async (response) => {
  process[response.ok ? 'stdout' : 'stderr'].write(await response.text())
  process.exitCode = response.ok ? 0 : 1
})
`

/** Makes programs of these names in `folder`. When `answer` throws, the program prints why to standard error, and fails. */
export async function startStandIns(
  folder: string,
  names: readonly string[],
  answer: (call: ProgramCall) => Promise<string>,
): Promise<StandIns> {
  const calls: ProgramCall[] = []
  const server = createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req.setEncoding('utf8')) body += chunk
    const call: ProgramCall = JSON.parse(body)
    calls.push(call)
    try {
      res.end(await answer(call))
    } catch (error) {
      res.writeHead(400).end(`${error instanceof Error ? error.message : String(error)}\n`)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const bin = join(folder, 'stand-ins')
  await mkdir(bin)
  for (const name of names) {
    await writeFile(join(bin, name), program.replace('URL', `http://127.0.0.1:${port}`))
    await chmod(join(bin, name), 0o755)
  }
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { bin, calls, close }
}
