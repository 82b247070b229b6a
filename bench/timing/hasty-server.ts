import { readServerConfig } from '../../src/config/config.js'
import { createLogger } from '../../src/logger.js'
import { startService } from '../../src/service.js'

// The service, but with failed logins answered at once however many there are: what is slow on purpose cannot be timed.

const { loaded } = await startService(readServerConfig(process.env), createLogger(), {
  refusalsPerSecond: 1_000_000_000,
})
await loaded
