import { parseXML } from '@aws-sdk/xml-builder'

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
}

/** An element with this content: nested elements as strings, or text to be escaped under `text`. */
export function element(name: string, ...content: string[]): string {
  return `<${name}>${content.join('')}</${name}>`
}

/** An element that holds only text; nothing at all for undefined. */
export function text(name: string, value: string | number | boolean | undefined): string {
  if (value === undefined) return ''
  return element(
    name,
    String(value).replace(/[&<>"\r]/g, (character) => escapes[character] ?? ''),
  )
}

/** A document whose root carries the namespace of the API. */
export function document(root: string, ...content: string[]): string {
  const namespace = 'https://route53.amazonaws.com/doc/2013-04-01/'
  return `<?xml version="1.0"?>\n<${root} xmlns="${namespace}">${content.join('')}</${root}>`
}

/** A parsed element: text, or its children by name (several of one name as an array). */
export type XmlNode = unknown

/** The root element, which must have this name; throws on broken XML and on another root. */
export function parseDocument(body: string, root: string): XmlNode {
  const parsed: XmlNode = parseXML(body)
  const [node] = children(parsed, root)
  if (node === undefined) throw new Error(`the root element is not ${root}`)
  return node
}

/** The children of this name, in order; none for a missing or text node. */
export function children(node: XmlNode, name: string): XmlNode[] {
  if (typeof node !== 'object' || node === null) return []
  const found: XmlNode = (node as Record<string, XmlNode>)[name]
  if (found === undefined) return []
  return Array.isArray(found) ? found : [found]
}

/** The first child of this name; undefined when there is none. */
export function child(node: XmlNode, name: string): XmlNode {
  return children(node, name)[0]
}

/** The text of the first child of this name; undefined when there is no such child. */
export function childText(node: XmlNode, name: string): string | undefined {
  const found = child(node, name)
  return typeof found === 'string' ? found : undefined
}

/** The names of a node's children. */
export function childNames(node: XmlNode): string[] {
  return typeof node === 'object' && node !== null ? Object.keys(node) : []
}
