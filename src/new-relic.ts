/** The running New Relic agent. */
export interface NewRelic {
  readonly agent: Pick<typeof import('newrelic'), 'recordCustomEvent' | 'recordMetric' | 'incrementMetric'>
  /** Sends what was collected; resolves after 3 s at the latest, sent or not. */
  shutdown(): Promise<void>
}

/**
 * Loads the New Relic agent when `env` holds a licence key, and only then, for even a disabled agent writes a log file.
 * It must be loaded before whatever it watches. Fills in what the Heroku add-on leaves out; what is set stays.
 */
export async function startNewRelic(env: NodeJS.ProcessEnv): Promise<NewRelic | undefined> {
  if (!env['NEW_RELIC_LICENSE_KEY']) return undefined
  env['NEW_RELIC_APP_NAME'] ||= 'dyndns53'
  env['NEW_RELIC_NO_CONFIG_FILE'] ||= 'true'
  env['NEW_RELIC_LOG'] ||= 'stdout'
  // Log lines hold host names and addresses: they stay here unless the owner asks for them over there.
  env['NEW_RELIC_APPLICATION_LOGGING_FORWARDING_ENABLED'] ||= 'false'
  // A client may put its token into the path, or into its name.
  env['NEW_RELIC_ATTRIBUTES_EXCLUDE'] ||= 'request.uri,request.headers.userAgent'
  // A client that asks for what it may not have, or is not there, is no error of ours.
  env['NEW_RELIC_ERROR_COLLECTOR_IGNORE_ERROR_CODES'] ||= '400,401,403,404,405'
  const { default: agent } = await import('newrelic')
  return {
    agent,
    shutdown: () =>
      new Promise((resolve) => {
        agent.shutdown({ collectPendingData: true, timeout: 3000 }, () => resolve())
      }),
  }
}
