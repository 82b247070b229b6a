import { createRegistrar, type Registrar, type RegistrarOptions } from '../registrar/registrar.js'
import { CallError } from '../route53/errors.js'

/** A registrar of this process that changes Route 53 only while it may. */
export interface LocalWriter {
  readonly registrar: Registrar
  readonly isEnded: boolean
  /** Releases the registrar; resolves when no change is on its way to Route 53 any more. */
  end(): Promise<void>
}

/** How long a change waits for the right to be made before it is put off. */
const patienceMs = 8000
const lookAgainMs = 100

/** A writer that has done nothing yet; `mayWrite` says whether a change may begin now. */
export function createLocalWriter(options: RegistrarOptions, mayWrite: () => boolean): LocalWriter {
  const { clock, route53 } = options
  let isEnded = false
  let changesInFlight = 0
  let tellIdle = () => {}

  const change: RegistrarOptions['route53']['change'] = async (zoneId, changes) => {
    const untilMs = clock.now() + patienceMs
    while (!isEnded && !mayWrite() && clock.now() < untilMs)
      await new Promise<void>((resolve) => clock.after(lookAgainMs, resolve))
    if (isEnded || !mayWrite()) throw new CallError(new NotOurTurn())
    changesInFlight++
    try {
      return await route53.change(zoneId, changes)
    } finally {
      changesInFlight--
      if (changesInFlight === 0) tellIdle()
    }
  }

  const registrar = createRegistrar({ ...options, route53: { ...route53, change } })
  return {
    registrar,
    get isEnded() {
      return isEnded
    },
    async end() {
      isEnded = true
      registrar.release()
      if (changesInFlight === 0) return
      await new Promise<void>((resolve) => {
        tellIdle = resolve
      })
    },
  }
}

/** Treated as what Route 53 says when another change of the zone comes first: nothing was applied, and it is tried again. */
class NotOurTurn extends Error {
  override readonly name = 'PriorRequestNotComplete'

  constructor() {
    super('this process does not hold the lease: another one may be writing')
  }
}
