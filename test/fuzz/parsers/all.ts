import type { FuzzProperty } from '../property.js'
import { address } from './addresses.js'
import { basicBent, basicRight } from './basic.js'
import { canonicalNames } from './canonical-name.js'
import { config } from './config.js'
import { csv } from './csv.js'
import { forwardedFor, forwardedForNetworks } from './forwarded-for.js'
import { hostname } from './hostname.js'
import { requestedAddresses } from './requested-addresses.js'

/** Everything that reads what strangers write, each on its own. */
export const parsers: readonly FuzzProperty[] = [
  csv,
  basicRight,
  basicBent,
  forwardedFor,
  forwardedForNetworks,
  address,
  requestedAddresses,
  hostname,
  canonicalNames,
  config,
]
