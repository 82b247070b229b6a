import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'

/**
 * JSON lines on standard output, or on `destination`. Whoever logs passes names, addresses and reasons, never a
 * request or its headers; the paths redacted here are a second fence.
 */
export function createLogger(destination?: DestinationStream): Logger {
  const options = {
    base: null,
    redact: [
      'authorization',
      '*.authorization',
      '*.*.authorization',
      'token',
      '*.token',
      'password',
      '*.password',
    ],
    serializers: { err: stdSerializers.err },
  }
  return destination ? pino(options, destination) : pino(options)
}
