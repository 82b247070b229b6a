import {
  type AccountConfig,
  describeUnknownVariables,
  type NoticesConfig,
  readAccountConfig,
  readPostgresConfig,
  readServerConfig,
} from '../../config/config.js'
import type { PostgresConfig } from '../../config/postgres-url.js'
import { ConfigError, type Environment } from '../../config/variable.js'
import type { EnvFile } from '../context.js'
import { count } from '../lists.js'
import { failed, ok, type Verdict, warning } from './finding.js'

/** What the environment says. */
export interface CheckedConfiguration {
  readonly verdicts: readonly Verdict[]
  /** Undefined where too little is known to ask AWS for anything. */
  readonly config: AccountConfig | undefined
  /** Undefined where none is set, or it is malformed. */
  readonly postgres: PostgresConfig | undefined
  /** Whether the service publishes addresses that the internet cannot reach. */
  readonly allowPrivate: boolean
  /** Whether hosts may get certificates by way of the service. */
  readonly certificates: boolean
}

/** Looks for everything that the service would not start with or not read; what has nothing to do with AWS is in nobody's way. */
export function checkConfiguration(env: Environment): CheckedConfiguration {
  const server = read(() => readServerConfig(env))
  const unknown = describeUnknownVariables(env).map(warning)
  const { allowPrivate = false, certificates = true } = server.config ?? {}
  if (server.config) {
    const { postgres, notices } = server.config
    const verdicts = [
      ok('every variable that the service reads is in order'),
      checkNotices(notices),
      ...unknown,
    ]
    return { verdicts, config: server.config, postgres, allowPrivate, certificates }
  }
  return {
    verdicts: [...server.problems.map(failed), ...unknown],
    config: read(() => readAccountConfig(env)).config,
    postgres: read(() => readPostgresConfig(env)).config,
    allowPrivate,
    certificates,
  }
}

/** Says whom the service tells what happens: by form and host, as the rest of a URL is a secret. */
function checkNotices({ targets, silentHours }: NoticesConfig): Verdict {
  const wordOfSilence =
    silentHours === undefined ? '' : `, also of hosts that are silent for ${count(silentHours, 'hour')}`
  if (targets.length === 0) {
    const message = 'DYNDNS_NOTIFY_URL is not set: the service tells nobody what happens'
    return silentHours === undefined
      ? ok(message)
      : warning(`${message}, so DYNDNS_SILENT_HOURS does nothing`)
  }
  const where = targets.map(({ form, host }) => `${host} (${form})`).join(', ')
  return ok(`notices go to ${where}${wordOfSilence}: dyndns53 notify --test tries it`)
}

function read<T>(readConfig: () => T): { config?: T; problems: readonly string[] } {
  try {
    return { config: readConfig(), problems: [] }
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems }
    throw error
  }
}

/** What the service, its AWS SDK and its agent read begins like this. */
const settingName = /^((DYNDNS|AWS(?!_SDK_JS_)|NEW_RELIC)_|(PORT|DYNO)$)/

/** Says which settings come from where, and never what they are. */
export function checkSources(env: Environment, envFile: EnvFile | undefined): Verdict[] {
  const names = Object.keys(env).filter((name) => settingName.test(name) && env[name])
  const fromFile = names.filter((name) => envFile?.names.has(name)).sort()
  const others = names.filter((name) => !envFile?.names.has(name)).sort()
  const sources = [
    ...(envFile ? [`from ${envFile.file}: ${fromFile.join(', ') || 'nothing'}`] : []),
    `from the environment: ${others.join(', ') || 'nothing'}`,
  ]
  const overruled = envFile?.overruled.filter((name) => settingName.test(name)) ?? []
  return [
    ok(`settings ${sources.join('; ')}`),
    ...overruled.map((name) =>
      warning(`${name} is set otherwise in ${envFile?.file} than in the environment, which counts`),
    ),
  ]
}
