import { hash, randomBytes } from 'node:crypto'

/** The token column of a host: the token itself, or only what it hashes to. */
export type TokenCell =
  | { readonly kind: 'plain'; readonly token: string }
  | { readonly kind: 'hashed'; readonly digest: Uint8Array }

/** A token of fewer characters than this can be guessed by trying. */
export const guessableBelow = 12

/** A longer token, in bytes, does not fit into a request header by Basic authentication. */
const maxTokenBytes = 4096

const hashedPrefix = 'sha256:'

/** Whether a text begins as a digest in the token column does, in any case. */
export function beginsAsDigest(text: string): boolean {
  return text.slice(0, hashedPrefix.length).toLowerCase() === hashedPrefix
}

/** Reads a cell of the token column: `sha256:` and 64 hex digits, both in any case, or else a token as it is. */
export function parseTokenCell(cell: string): TokenCell | { readonly problem: string } {
  if (beginsAsDigest(cell)) {
    const hex = cell.slice(hashedPrefix.length)
    if (!/^[0-9a-f]{64}$/i.test(hex))
      return { problem: 'begins with sha256: and goes on with other than 64 hex digits' }
    return { kind: 'hashed', digest: Buffer.from(hex, 'hex') }
  }
  if (cell === '') return { problem: 'is empty' }
  // No login with one of these is read, as JavaScript takes them for line ends.
  if (/[\u2028\u2029]/.test(cell)) return { problem: 'holds a line separator, U+2028 or U+2029' }
  if (Buffer.byteLength(cell) > maxTokenBytes) return { problem: `is longer than ${maxTokenBytes} bytes` }
  return { kind: 'plain', token: cell }
}

/** The cell that holds only the digest of `token`, in hex. */
export function hashedCell(token: string): string {
  return hashedPrefix + digestOfToken(token).toString('hex')
}

/** SHA-256 of the token's UTF-8. */
export function digestOfToken(token: string): Buffer {
  return Buffer.from(hash('sha256', token, 'binary'), 'latin1')
}

/** Writes what `digestOfToken` gives into a buffer, without one of its own: a million at once are a third faster so. */
export function writeDigest(token: string, target: Buffer, offset: number): void {
  target.write(hash('sha256', token, 'binary'), offset, 'latin1')
}

/** A new token of 144 random bits in the 24 characters that old routers take, all of `[A-Za-z0-9_-]`. */
export function createToken(): string {
  return randomBytes(18).toString('base64url')
}
