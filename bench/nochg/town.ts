/** The hosts that call, and the token that each of them has. */
export const hosts = 1000
export const token = 'a-token-of-24-characters'

/** The paths that are measured. */
export const paths = ['/register_ip', '/nic/update'] as const

/** A host by its number, counted from 0. */
export function hostName(index: number): string {
  return `host-${index}.example.com`
}

/** The address that a host has and keeps: one that the internet can reach. */
export function addressOf(index: number): string {
  return `8.8.${index >> 8}.${index & 255}`
}
