/** The host and the service that a router is set up for. */
export interface Target {
  /** Canonical host name; the login as well. */
  readonly host: string
  /** The host's token, or what stands in its place. */
  readonly token: string
  readonly service: Service
}

/** Where the service is reached. */
export interface Service {
  /** Scheme and authority, such as `https://app.example.com`. */
  readonly url: string
  /** Host name, and the port if it is not the usual one. */
  readonly authority: string
  readonly isHttps: boolean
}

/** What is typed into a form, by the labels of its fields, or saved as a file. */
export type Setup =
  | { readonly fields: Readonly<Record<string, string>> }
  | { readonly file: { readonly name: string; readonly text: string } }

/** How a kind of router, or another client, is told to update a host. */
export interface RouterType {
  /** As it is typed after `--type`. */
  readonly type: string
  readonly client: string
  /** Where the fields are, or where the file belongs. */
  readonly where: string
  readonly setUp: (target: Target) => Setup
  /** What to know beside it, a sentence or two each. */
  readonly notes: (target: Target) => readonly string[]
  /** Whether it speaks https. */
  readonly https: string
  readonly ipv6: string
  readonly severalHosts: string
  /** How it is known that this is right. */
  readonly evidence: 'run' | 'source' | 'documentation'
  /** The tokens that its file can hold; all, if left out. */
  readonly holds?: RegExp
}

/** Tokens of printable ASCII. */
export const printableAscii = /^[ -~]+$/
