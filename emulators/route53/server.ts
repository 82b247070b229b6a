import { createFaultQueue, type Fault } from '../faults.js'
import { startWireServer } from '../http.js'
import type { Call } from './calls.js'
import { handle, type Route53Settings } from './handler.js'
import { type ModelOptions, Route53Model } from './model.js'

/** How to start the emulator: with a model, or with the options of a new one. */
export interface Route53EmulatorOptions extends Partial<Route53Settings>, ModelOptions {
  /** An account that another emulator may have served before; the model options do not count then. */
  model?: Route53Model
  /** By default any free port. */
  port?: number
}

/** A running emulator; its settings may be assigned to at any time. */
export interface Route53Emulator extends Route53Settings {
  readonly url: string
  readonly port: number
  readonly model: Route53Model
  /** Makes a fault happen to a coming call; returns a function that takes it back. */
  inject(fault: Fault<Call>): () => void
  /** Cuts all connections and frees the port. The model lives on, and changes in flight are still applied to it. */
  close(): Promise<void>
}

/** Starts Route 53's REST-XML API, version 2013-04-01, on 127.0.0.1. Rejects when the port is taken. */
export async function startRoute53Emulator(options: Route53EmulatorOptions = {}): Promise<Route53Emulator> {
  const { model = new Route53Model(options), port = 0 } = options
  const settings: Route53Settings = {
    latencyMs: options.latencyMs ?? 0,
    invalidChangeBatchForm: options.invalidChangeBatchForm ?? 'ErrorResponse',
    allow: options.allow ?? (() => true),
    accessKeyId: options.accessKeyId,
  }
  const faults = createFaultQueue<Call>()
  const server = await startWireServer((request) => handle({ model, settings, faults }, request), { port })
  // The emulator is the settings object itself, so that the handler sees what is assigned to it.
  return Object.assign(settings, { ...server, model, inject: faults.inject })
}
