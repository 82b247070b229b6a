/** An entry of the server's log: `level`, `time` and `msg` beside what it tells. */
export type LogEntry = Readonly<Record<string, unknown>>

/** Reads a JSON line of the log; undefined for any other output. */
export function parseLogLine(line: string): LogEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'object' && entry !== null ? { ...entry } : undefined
  } catch {
    return undefined
  }
}

/** Keeps the server's log back until somebody wants to see it. */
export interface ServerLog {
  add(line: string): void
  /** Prints what there is, and from now on every line as it comes. */
  show(): void
}

/** A log that is not shown yet. */
export function createServerLog(): ServerLog {
  const kept: string[] = []
  let isShown = false
  const print = (line: string) => process.stdout.write(`${readable(line)}\n`)
  return {
    add(line) {
      if (isShown) print(line)
      else kept.push(line)
    },
    show() {
      isShown = true
      kept.splice(0).forEach(print)
    },
  }
}

const levels = new Map<unknown, string>([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info'],
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
])

function readable(line: string): string {
  const entry = parseLogLine(line)
  if (!entry) return line
  const { level, time, msg, ...details } = entry
  const clock = typeof time === 'number' ? new Date(time).toTimeString().slice(0, 8) : ''
  const told = Object.entries(details).map(([name, value]) => `${name}=${plain(value)}`)
  return [clock, (levels.get(level) ?? '').padEnd(5), msg, ...told].join(' ')
}

function plain(value: unknown): string {
  return typeof value === 'string' && !/[\s"]/.test(value) ? value : JSON.stringify(value)
}
