import { hourOfTraffic, townDatabase } from './traffic.js'

/** An hour is sent in this many parts. */
export const partsPerHour = 6
/** The database changes every minute. */
const versionsPerPart = 10
/** Requests that are under way at the same time. */
const atOnce = 16

/** Where the traffic goes. */
export interface Town {
  readonly port: number
  /** Puts a new version of the database in place, and tells the server. */
  changeDatabase(csv: string): void
  /** Answers so far, by their status; 0 for none. */
  readonly answers: Map<number, number>
}

/** Sends a part of an hour, counted from 0, all kinds of traffic mixed, as fast as they are answered. */
export async function sendPart({ port, changeDatabase, answers }: Town, part: number): Promise<void> {
  const visits = hourOfTraffic.flatMap(({ perHour, visit }) => {
    const size = perHour / partsPerHour
    return Array.from({ length: size }, (_, index) => {
      const act = async () => {
        const status = await visit(port, part * size + index)
        answers.set(status, (answers.get(status) ?? 0) + 1)
      }
      return { at: index / size, act }
    })
  })
  const versions = Array.from({ length: versionsPerPart }, (_, index) => {
    const act = async () => changeDatabase(townDatabase(part * versionsPerPart + index + 1))
    return { at: index / versionsPerPart, act }
  })
  const inOrder = [...visits, ...versions].sort((a, b) => a.at - b.at).values()
  const workOff = async () => {
    for (const { act } of inOrder) await act()
  }
  await Promise.all(Array.from({ length: atOnce }, workOff))
}

/** What an hour is made of, for the report. */
export function hourInWords(): string {
  const lines = hourOfTraffic.map(({ what, perHour }) => `- ${perHour.toLocaleString('en')} ${what}`)
  return [...lines, `- and ${versionsPerPart * partsPerHour} new versions of the database`].join('\n')
}

/** The requests of an hour. */
export const requestsPerHour = hourOfTraffic.reduce((sum, { perHour }) => sum + perHour, 0)
