import pg from 'pg'
import type { PostgresConfig } from '../config/postgres-url.js'
import { clientConfig } from './postgres.js'

/** Hears what other processes notify, on a connection of its own. */
export interface Listener {
  close(): Promise<void>
}

/** What is notified while it is not connected is lost: whoever needs it looks into the tables too. */
const reconnectMs = 1000
/** How often a silent connection is tried. */
const probeMs = 10_000

/**
 * Connects, and again whenever the connection breaks; `hear` gets the channel and the payload of each notification. Throws as
 * clientConfig does.
 */
export function createListener(
  config: PostgresConfig,
  channels: readonly string[],
  hear: (channel: string, payload: string) => void,
): Listener {
  const options = clientConfig(config)
  let isClosed = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const mine = new pg.Client(options)
    client = mine
    mine.on('error', () => reconnect(mine))
    mine.on('end', () => reconnect(mine))
    mine.on('notification', ({ channel, payload = '' }) => {
      if (client === mine) hear(channel, payload)
    })
    try {
      await mine.connect()
      await mine.query(channels.map((channel) => `LISTEN ${channel}`).join('; '))
      while (client === mine) {
        await new Promise((resolve) => {
          timer = setTimeout(resolve, probeMs)
        })
        if (client === mine) await mine.query('SELECT 1')
      }
    } catch {
      reconnect(mine)
    }
  }

  function reconnect(broken: pg.Client): void {
    if (client !== broken) return
    client = undefined
    void end(broken)
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(() => void connect(), reconnectMs)
  }

  void connect()
  return {
    async close() {
      isClosed = true
      clearTimeout(timer)
      const last = client
      client = undefined
      if (last) await end(last)
    },
  }
}

async function end(client: pg.Client): Promise<void> {
  await client.end().catch(() => {})
}
