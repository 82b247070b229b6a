/** A byte as Route 53 writes it inside a label: itself when it is a-z, 0-9, `-` or `_`, otherwise octal (`\052`). */
function writeByte(byte: number): string {
  const character = String.fromCharCode(byte).toLowerCase()
  return /[a-z0-9_-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`
}

/**
 * The form in which Route 53 stores and returns a name: lower case, trailing dot, everything outside a-z 0-9 - _ .
 * as octal escapes. Takes plain and escaped input alike (Developer Guide, "DNS domain name format").
 */
export function normalizeName(name: string): string {
  const escaped = name.replace(/\\([0-7]{3})|./gsu, (character, octal?: string) => {
    if (octal !== undefined) return writeByte(Number.parseInt(octal, 8))
    return character === '.' ? '.' : [...Buffer.from(character)].map(writeByte).join('')
  })
  return escaped.endsWith('.') ? escaped : `${escaped}.`
}

/** A stored name with its labels reversed and the trailing dot kept: `www.example.com.` gives `com.example.www.`. */
export function reverseLabels(name: string): string {
  return `${name.slice(0, -1).split('.').reverse().join('.')}.`
}

/**
 * What ListResourceRecordSets sorts a stored name by: its reversed labels without escapes. The API reference counts
 * `*` among the characters that sort before `.`, so the order is that of `*` and not of `\052`. (An escaped dot
 * stays escaped: it does not end a label.)
 */
export function recordOrder(name: string): string {
  return reverseLabels(name).replace(/\\([0-7]{3})/g, (escaped, octal: string) =>
    octal === '056' ? escaped : String.fromCharCode(Number.parseInt(octal, 8)),
  )
}

/** Whether a stored name is the zone's apex or lies below it. */
export function isInZone(name: string, zoneName: string): boolean {
  return name === zoneName || name.endsWith(`.${zoneName}`)
}
