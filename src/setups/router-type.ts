import type { FileType, FormType } from './setup-type.js'

/** What is known of a client that updates a host. */
interface UpdateFacts {
  /** Whether it speaks https. */
  readonly https: string
  /** How it registers an IPv6 address, or `no`. */
  readonly ipv6: string
  /** How it registers more than one host. */
  readonly severalHosts: string
}

/** A router that has a form to fill in. */
export type RouterForm = FormType & UpdateFacts

/** A client that reads a file or runs a script. */
export type RouterFile = FileType & UpdateFacts

/** How a client is told to update a host. */
export type RouterType = RouterForm | RouterFile
