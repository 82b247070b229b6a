import { once } from 'node:events'
import type { MeasuredServer } from '../server.js'

/** What a process holds after a forced collection, in bytes. */
export interface Heap {
  readonly heapUsed: number
  /** Outside the heap: buffers. */
  readonly external: number
  readonly rss: number
}

/** Loaded into the server before its own code: on each message it collects twice and sends what is left. */
const hook = `
  import { setTimeout } from 'node:timers/promises'
  process.on('message', async () => {
    gc()
    await setTimeout(100)
    gc()
    process.send(process.memoryUsage())
  })
  process.channel.unref()
`

/** What a server must be started with so that its heap can be read. */
export const heapOptions = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(hook)}`]

/** The server's heap now. */
export async function readHeap({ child }: MeasuredServer): Promise<Heap> {
  child.send('heap')
  const [memory] = await once(child, 'message')
  return memory
}
