import { type Endpoints, emulatorEnvironment } from '../../emulators/environment.js'

/** The AWS secret of every test: no output may have it, nor a word of it. */
export const secretKey = 'S3CR3T/secret+AccessKeyThatMustNotBePrinted'

/** What a command reads from the environment to reach these emulators. */
export function commandEnvironment(endpoints: Endpoints): Record<string, string> {
  return { ...emulatorEnvironment(endpoints), AWS_SECRET_ACCESS_KEY: secretKey }
}

/** What the service reads: beside that, any free port, and addresses of this machine and of documentation. */
export function awsEnvironment(s3: Endpoints['s3'], route53: Endpoints['route53']): Record<string, string> {
  return { ...commandEnvironment({ s3, route53 }), PORT: '0', DYNDNS_ALLOW_PRIVATE: 'true' }
}
