/** An error as the AWS SDK throws it: name, HTTP status (0: no answer came), and more. */
export function sdkError(name: string, status: number, more: object = {}): Error {
  const metadata = status === 0 ? {} : { httpStatusCode: status }
  return Object.assign(new Error('as AWS puts it'), { name, $metadata: metadata, ...more })
}
