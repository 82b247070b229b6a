/**
 * The parameters of an update, from its query and then from its form. Names count in any case, and behind the `amp;` that
 * stays where a URL was copied out of XML, or a second `?`. `name[key]`, as PHP and others write lists, is `name[]` here.
 */
export function readParameters(query: string, form = ''): URLSearchParams {
  const sent = new URLSearchParams(`${query}&${form}`)
  return new URLSearchParams([...sent].map(([key, value]): [string, string] => [nameOf(key), value]))
}

/** The values of a parameter that is a list, joined by commas: of a repeated one the first, and all of `name[]`. */
export function listOf(parameters: URLSearchParams, name: string): string {
  const [first] = parameters.getAll(name)
  return [...(first === undefined ? [] : [first]), ...parameters.getAll(`${name}[]`)].join(',')
}

/** Whether the parameter is there, be it empty. */
export function hasList(parameters: URLSearchParams, name: string): boolean {
  return parameters.has(name) || parameters.has(`${name}[]`)
}

/** What may name hosts: dyndns2's own parameter, and what others call it. The first that is not empty counts. */
export const hostParameterNames: readonly string[] = [
  'hostname',
  'host',
  'domain',
  'fqdn',
  'hostnames',
  'hosts',
  'domains',
]

/** The hosts that a request names, as they stand there; none where it names none. */
export function namedHosts(parameters: URLSearchParams): string[] {
  const lists = hostParameterNames.map((name) =>
    listOf(parameters, name)
      .split(',')
      .filter((item) => item.trim() !== ''),
  )
  return lists.find((list) => list.length > 0) ?? []
}

function nameOf(key: string): string {
  return key
    .trim()
    .toLowerCase()
    .replace(/^(\?|amp;)+/, '')
    .replace(/\[.*$/s, '[]')
}
