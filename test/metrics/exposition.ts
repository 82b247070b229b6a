/** A figure as Prometheus reads it. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What a text in Prometheus's exposition format (version 0.0.4) says: each family's type and help, and all samples. */
export interface Exposition {
  readonly types: ReadonlyMap<string, string>
  readonly helps: ReadonlyMap<string, string>
  readonly samples: readonly Sample[]
  /** The value of the one sample with this name and these labels, among others; undefined where there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined
}

const namePattern = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const comment = new RegExp(`^# (HELP|TYPE) (${namePattern}) (.+)$`)
const sample = new RegExp(`^(${namePattern})(?:\\{(.*)\\})? (\\S+)$`)
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/y

/** Reads a text. Throws where a line is none of the format, or a sample has no type, or is there twice. */
export function readExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const types = new Map<string, string>()
  const helps = new Map<string, string>()
  const samples = new Map<string, Sample>()
  for (const line of text.split('\n').filter(Boolean)) {
    const [, kind, family = '', rest = ''] = comment.exec(line) ?? []
    if (kind) {
      const texts = kind === 'HELP' ? helps : types
      if (texts.has(family)) throw new Error(`twice: ${line}`)
      texts.set(family, rest)
      continue
    }
    const [, name, labels = '', written = ''] = sample.exec(line) ?? []
    const value = numberOf(written)
    if (name === undefined || value === undefined) throw new Error(`no line of the format: ${line}`)
    const key = line.slice(0, line.lastIndexOf(' '))
    if (samples.has(key)) throw new Error(`twice: ${line}`)
    const base = name.replace(/_(bucket|sum|count)$/, '')
    const isOfHistogram = /^(histogram|summary)$/.test(types.get(base) ?? '')
    if (!isOfHistogram && !types.has(name)) throw new Error(`without a type: ${line}`)
    samples.set(key, { name, labels: readLabels(labels), value })
  }
  const all = [...samples.values()]
  return {
    types,
    helps,
    samples: all,
    value(name, labels = {}) {
      const found = all.filter(
        (one) => one.name === name && Object.entries(labels).every(([of, is]) => one.labels[of] === is),
      )
      if (found.length > 1) throw new Error(`${found.length} samples of ${name} ${JSON.stringify(labels)}`)
      return found[0]?.value
    },
  }
}

/** A number as Go reads it, which takes NaN and Inf in any case; undefined for what is none. */
function numberOf(text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN
  const value = Number(text.replace(/inf$/i, 'Infinity'))
  return text === '' || Number.isNaN(value) ? undefined : value
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  label.lastIndex = 0
  let at = 0
  while (at < text.length) {
    const [whole, name = '', value = ''] = label.exec(text) ?? []
    if (whole === undefined) throw new Error(`no labels: ${text}`)
    labels[name] = value
    at = label.lastIndex
  }
  return labels
}
