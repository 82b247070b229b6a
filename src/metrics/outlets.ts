import type { Logger } from 'pino'
import type { Publish } from '../events.js'
import { addProcessMetrics, createMetrics, type MetricsSources } from './metrics.js'
import { createNewRelicOutlet, type NewRelicAgent } from './new-relic-outlet.js'

/** Where the figures are shown. */
export interface OutletOptions {
  /** What opens them at /metrics; undefined: they are not there. */
  readonly token: string | undefined
  /** Undefined: New Relic is off. */
  readonly newRelic: NewRelicAgent | undefined
  /** Whether New Relic gets the addresses of hosts. */
  readonly withAddresses: boolean
  readonly log: Logger
}

/** The figures, as they are shown. */
export interface Outlets {
  /** To be told of all that happens. */
  readonly listeners: readonly Publish[]
  /** For Prometheus; undefined where that has no token. */
  readonly shared: { readonly token: string; read(): Promise<{ text: string; type: string }> } | undefined
  /** Reports to New Relic a last time. */
  close(): Promise<void>
}

/** New Relic's agent sends what it has every 60 s. */
const reportEveryMs = 30_000

/** Counts from now on; undefined, and nothing is counted, where nobody looks at the figures. */
export function openOutlets(
  sources: MetricsSources,
  { token, newRelic, withAddresses, log }: OutletOptions,
): Outlets | undefined {
  if (token === undefined && !newRelic) return undefined
  const metrics = createMetrics(sources)
  const { registry, listen } = metrics
  if (token !== undefined) addProcessMetrics(metrics)
  const outlet = newRelic && createNewRelicOutlet(newRelic, metrics, { withAddresses })
  const report = async () => {
    await outlet?.report().catch((error: unknown) => log.error({ err: error }, 'a bug of this service'))
  }
  const timer = outlet && setInterval(report, reportEveryMs)
  const read = async () => ({ text: await registry.metrics(), type: registry.contentType })
  return {
    listeners: outlet ? [listen, outlet.listen] : [listen],
    shared: token === undefined ? undefined : { token, read },
    async close() {
      clearInterval(timer)
      await report()
    },
  }
}
