import { fileTypes } from './file-types.js'
import { formTypes } from './form-types.js'
import type { RouterType } from './router-type.js'

/** All that `--type` takes, as they are listed. */
export const routerTypes: readonly RouterType[] = [...formTypes, ...fileTypes]
