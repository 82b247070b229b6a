import type { CertificateType } from './certificate-type.js'
import { formTypes } from './form-types.js'
import { serverTypes } from './server-types.js'
import { shellTypes } from './shell-types.js'

/** All that `--type` takes, as they are listed. */
export const certificateTypes: readonly CertificateType[] = [...shellTypes, ...serverTypes, ...formTypes]
