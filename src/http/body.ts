import type { Request } from 'express'

/** What becomes of a body; one of the two is called, once. */
export interface BodyHandlers {
  /** It has come whole. */
  take(bytes: Buffer): void
  /** It is larger than `maxBodyBytes`, or compressed. */
  refuse(): void
}

/** A longer body is refused. */
export const maxBodyBytes = 4096

/**
 * Reads a body while it comes. One that is too large, or compressed, is refused at once; Express's own readers would first
 * read it to its end, however long that takes.
 */
export function readBody(req: Request, { take, refuse }: BodyHandlers): void {
  const { 'content-encoding': encoding, 'content-length': length = 0 } = req.headers
  if (isCompressed(encoding) || Number(length) > maxBodyBytes) {
    refuse()
    return
  }
  const chunks: Buffer[] = []
  let bytes = 0
  const add = (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes <= maxBodyBytes) return
    req.off('data', add).off('end', finish)
    refuse()
  }
  const finish = () => take(Buffer.concat(chunks))
  req.on('data', add).on('end', finish)
}

function isCompressed(encoding = ''): boolean {
  return !/^(identity)?$/i.test(encoding)
}
