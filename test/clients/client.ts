import { spawnSync } from 'node:child_process'
import { describe, it } from 'vitest'
import type { Household } from './household.js'
import { findProgram } from './program.js'

/** What a client is to do. */
export interface Errand {
  /** The first of them is the login. */
  readonly hosts: readonly string[]
  readonly path?: '/nic/update' | '/register_ip'
  /** By default the right one. */
  readonly token?: string
  /** The address that it is given; by default it asks check_ip, or leaves the service to look. */
  readonly address?: string
  /** The path where it asks, by default `/check_ip`. */
  readonly checkIp?: string
}

/** A client on a machine of its own, where it remembers what it remembers from one run to the next. */
export interface Machine {
  /** Runs it once, some hours after the last time; resolves with all that it said. */
  update(errand: Errand): Promise<string>
}

/** How a client puts what became of its errand, in its log: each of the patterns is there. */
export interface Words {
  registered(hosts: readonly string[], address: string): RegExp[]
  /** The address is the one of its last run, and that was all right. */
  kept(host: string, address: string): RegExp[]
  /** It had to ask, and the service held that address already. */
  held(host: string, address: string): RegExp[]
  readonly wrongToken: readonly RegExp[]
  /** It was told 911. */
  readonly toldLater: readonly RegExp[]
  /** It takes something for a success. */
  readonly success: RegExp
}

/** A program that may be installed. */
export interface Installable {
  readonly name: string
  readonly program: string
  readonly versionArguments: readonly string[]
  /** Finds the version in what it says of itself. */
  readonly version: RegExp
}

/** A client that people run. */
export interface Client extends Installable {
  readonly words: Words
  /** Puts it on a new machine. */
  install(home: Household): Promise<Machine>
}

/** Tests with a client. Where it is missing they are skipped, or fail if CLIENTS_REQUIRED is set. */
export function describeClient(client: Installable, tests: () => void): void {
  const version = installedVersion(client)
  if (version === undefined && process.env['CLIENTS_REQUIRED']) {
    it(`${client.name} is installed`, () => {
      throw new Error(`${client.name} is not installed, and CLIENTS_REQUIRED is set: see .ci/run`)
    })
  }
  describe.skipIf(version === undefined)(`${client.name} ${version ?? '(not installed)'}`, tests)
}

/** The version of a client, undefined where it is missing. */
export function installedVersion({ program, versionArguments, version }: Installable): string | undefined {
  const path = findProgram(program)
  if (!path) return undefined
  const { stdout, stderr } = spawnSync(path, versionArguments, { encoding: 'utf8' })
  return version.exec(stdout + stderr)?.[1]
}

/** The text as a pattern for itself. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
