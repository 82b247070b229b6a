import { InvalidArgumentError } from 'commander'

/** A time span as it was typed. */
export interface Duration {
  readonly text: string
  readonly ms: number
}

const hourMs = 3_600_000
const units: Readonly<Record<string, number>> = { h: hourMs, d: 24 * hourMs, w: 7 * 24 * hourMs }

/** Reads hours, days or weeks of the command line, such as `12h`, `7d` or `2w`. Throws commander's InvalidArgumentError. */
export function durationArgument(text: string): Duration {
  const [, number, unit = ''] = /^(\d{1,4})([hdw])$/.exec(text) ?? []
  const ms = Number(number) * (units[unit] ?? Number.NaN)
  if (!(ms > 0)) throw new InvalidArgumentError('It takes hours, days or weeks, such as 12h, 7d or 2w.')
  return { text, ms }
}
