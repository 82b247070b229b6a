import { watchDates } from '../../aws.js'
import { failed, ok, skipped, type Verdict, warning } from './finding.js'
import { maxSkewMs } from './trouble.js'

/** What AWS's answers have said of the clock of this machine. */
export interface Clock {
  /** How far AWS's clock is ahead at the most; negative: behind; undefined before the first answer. */
  skewMs(): number | undefined
}

/** Compares the time of every answer that these clients get with the time of this machine. */
export function watchClock(clients: readonly Parameters<typeof watchDates>[0][]): Clock {
  let worstMs: number | undefined
  for (const client of clients) {
    watchDates(client, (date) => {
      const skewMs = Date.parse(date) - Date.now()
      if (Number.isNaN(skewMs)) return
      if (worstMs === undefined || Math.abs(skewMs) > Math.abs(worstMs)) worstMs = skewMs
    })
  }
  return { skewMs: () => worstMs }
}

/** More than an answer's way and its whole seconds explain. */
const noticeableMs = 60_000

/** Whether the clock of this machine is right enough for AWS. */
export function checkClock(skewMs: number | undefined): Verdict {
  if (skewMs === undefined) return skipped('AWS has given no answer to compare it with')
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  if (Math.abs(skewMs) <= noticeableMs) {
    return ok(`the clock of this machine is within ${noticeableMs / 1000} s of that of AWS`)
  }
  const off = `the clock of this machine is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} that of AWS`
  const limit = `AWS refuses requests that are more than ${maxSkewMs / 60_000} minutes off`
  const verdict = Math.abs(skewMs) > maxSkewMs ? failed : warning
  return verdict(`${off}, and ${limit}: set it right, best by NTP`)
}
