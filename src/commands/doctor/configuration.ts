import {
  type AccountConfig,
  ConfigError,
  type Environment,
  readAccountConfig,
  readServerConfig,
} from '../../config.js'
import { failed, ok, type Verdict } from './finding.js'

/** What the environment says. */
export interface CheckedConfiguration {
  readonly verdicts: readonly Verdict[]
  /** Undefined where too little is known to ask AWS for anything. */
  readonly config: AccountConfig | undefined
  /** Whether the service publishes addresses that the internet cannot reach. */
  readonly allowPrivate: boolean
  /** Whether hosts may get certificates by way of the service. */
  readonly certificates: boolean
}

/** Looks for everything that the service would not start with; what has nothing to do with AWS is in nobody's way. */
export function checkConfiguration(env: Environment): CheckedConfiguration {
  const server = read(() => readServerConfig(env))
  const { allowPrivate = false, certificates = true } = server.config ?? {}
  if (server.config) {
    const verdicts = [ok('every variable that the service reads is in order')]
    return { verdicts, config: server.config, allowPrivate, certificates }
  }
  return {
    verdicts: server.problems.map(failed),
    config: read(() => readAccountConfig(env)).config,
    allowPrivate,
    certificates,
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
