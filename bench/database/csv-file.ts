import { createHash } from 'node:crypto'

/** A host as the file has it. */
export interface FileHost {
  readonly name: string
  readonly token: string
}

/** The host of a line, counted from 0; beyond the file's end, one that it does not have. */
export function fileHost(index: number): FileHost {
  const digest = createHash('sha256').update(String(index)).digest()
  return {
    name: `m${digest.toString('hex', 0, 6)}.dyndns.example.net`,
    token: digest.toString('base64url', 6, 24),
  }
}

/** A database of `hosts` hosts, a line each. */
export function csvOf(hosts: number): Buffer {
  const parts: Buffer[] = []
  for (let start = 0; start < hosts; start += 10_000) {
    const size = Math.min(10_000, hosts - start)
    const lines = Array.from({ length: size }, (_, index) => {
      const { name, token } = fileHost(start + index)
      return `${name},${token}\n`
    })
    parts.push(Buffer.from(lines.join('')))
  }
  return Buffer.concat(parts)
}
