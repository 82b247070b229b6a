import {
  type AccountConfig,
  ConfigError,
  type Environment,
  type PostgresConfig,
  readAccountConfig,
  readPostgresConfig,
  readServerConfig,
} from '../../config.js'
import { failed, ok, type Verdict } from './finding.js'

/** What the environment says. */
export interface CheckedConfiguration {
  readonly verdicts: readonly Verdict[]
  /** Undefined where too little is known to ask AWS for anything. */
  readonly config: AccountConfig | undefined
  /** Undefined where none is set, or it is malformed. */
  readonly postgres: PostgresConfig | undefined
  /** Whether the service publishes addresses that the internet cannot reach. */
  readonly allowPrivate: boolean
}

/** Looks for everything that the service would not start with; what has nothing to do with AWS is in nobody's way. */
export function checkConfiguration(env: Environment): CheckedConfiguration {
  const server = read(() => readServerConfig(env))
  const allowPrivate = server.config?.allowPrivate ?? false
  if (server.config) {
    const verdicts = [ok('every variable that the service reads is in order')]
    return { verdicts, config: server.config, postgres: server.config.postgres, allowPrivate }
  }
  return {
    verdicts: server.problems.map(failed),
    config: read(() => readAccountConfig(env)).config,
    postgres: read(() => readPostgresConfig(env)).config,
    allowPrivate,
  }
}

function read<T>(readConfig: () => T): { config?: T; problems: readonly string[] } {
  try {
    return { config: readConfig(), problems: [] }
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems }
    throw error
  }
}
