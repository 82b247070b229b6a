import { startNewRelic } from './new-relic.js'

// The SDK's notice about old Node versions would be the one thing in the log that is no JSON; the README has it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

// Who reads our output may go away; the agent writes there too, and would end the process for it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const newRelic = await startNewRelic(process.env)

// Imported only now: the agent must be there before what it watches.
const { describeUnknownVariables, readServerConfig } = await import('./config/config.js')
const { createLogger } = await import('./logger.js')
const { startService } = await import('./service.js')

const log = createLogger()

async function main(): Promise<void> {
  for (const reason of describeUnknownVariables(process.env)) log.warn({ reason }, 'a variable is not known')
  const service = await startService(readServerConfig(process.env), log, {}, [], newRelic?.agent)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'shutting down')
      void service.close().then(() => exit(0))
    })
  }
  process.on('SIGHUP', () => void service.refresh())
  await service.loaded.catch(async (error: unknown) => {
    // The owner is told before it ends.
    await service.close()
    throw error
  })
}

async function exit(status: number): Promise<never> {
  await newRelic?.shutdown()
  process.exit(status)
}

main().catch(async (error: unknown) => {
  log.fatal({ reason: error instanceof Error ? error.message : String(error) }, 'the service cannot run')
  await exit(1)
})
