import type { ServiceUrl } from '../../net/service-url.js'
import type { CertificateType } from './certificate-type.js'
import { formTypes } from './form-types.js'
import { serverTypes } from './server-types.js'
import { shellTypes } from './shell-types.js'

/** All that `--type` takes, as they are listed. */
export const certificateTypes: readonly CertificateType[] = [...shellTypes, ...serverTypes, ...formTypes]

/** What to know beside the type's own notes, for a service at this URL. */
export function notesForService({ scheme }: ServiceUrl): readonly string[] {
  if (scheme === 'https') return []
  return [
    'By http:// the token can be read on the way, and whoever reads it can have certificates for this name: use https here.',
  ]
}
