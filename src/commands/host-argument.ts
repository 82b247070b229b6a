import { InvalidArgumentError } from 'commander'
import { parseHostname } from '../net/hostname.js'

/** Reads a host name of the command line into its canonical spelling. Throws commander's InvalidArgumentError. */
export function hostArgument(text: string): string {
  const name = parseHostname(text)
  if (name === undefined)
    throw new InvalidArgumentError('It is not a full host name such as home.example.com.')
  return name
}

/** Reads one more of several names; a host that is named twice counts once. Throws commander's InvalidArgumentError. */
export function hostArguments(text: string, earlier: readonly string[] = []): string[] {
  return [...new Set([...earlier, hostArgument(text)])]
}
