import { curl } from './curl.js'
import { ddclient } from './ddclient.js'
import { ddwrt } from './ddwrt.js'
import { fritzbox } from './fritzbox.js'
import { inadyn } from './inadyn.js'
import { mikrotik } from './mikrotik.js'
import { openwrt } from './openwrt.js'
import { opnsense } from './opnsense.js'
import { pfsense } from './pfsense.js'
import type { RouterType } from './router-type.js'
import { synology } from './synology.js'
import { unifi } from './unifi.js'

/** All that `--type` takes, as they are listed. */
export const routerTypes: readonly RouterType[] = [
  unifi,
  fritzbox,
  openwrt,
  ddclient,
  inadyn,
  opnsense,
  pfsense,
  synology,
  mikrotik,
  ddwrt,
  curl,
]
