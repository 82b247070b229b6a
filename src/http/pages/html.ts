/** HTML that is safe to be sent: made by `html` alone. */
export class Html {
  readonly text: string

  private constructor(text: string) {
    this.text = text
  }

  /** What the literal parts say, with the values between them. */
  static join(parts: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    return new Html(parts.map((part, index) => part + render(values[index])).join(''))
  }
}

/** What may stand in a template: text is escaped, a list is joined, and `undefined` and `false` leave nothing. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[]

/** A piece of HTML. Values may stand in text and in attributes with quotes, and nowhere else. */
export function html(parts: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return Html.join(parts, values)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function render(value: HtmlValue): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(render).join('')
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
