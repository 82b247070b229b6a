import { readFileSync } from 'node:fs'
import { type CollectionTag, parse, Scalar, type ScalarTag } from 'yaml'
import type { Policy } from '../commands/iam-evaluator.js'

interface Parameter {
  readonly Type: string
  readonly Default?: string | number
  readonly AllowedPattern?: string
}

interface Resource {
  readonly Type: string
  readonly DeletionPolicy?: string
  readonly Properties: Readonly<Record<string, unknown>>
}

/** deploy/aws.yaml with its parameters filled in, as AWS CloudFormation does it. */
export interface Stack {
  readonly resources: Readonly<Record<string, Resource>>
  readonly outputs: Readonly<Record<string, string>>
  /** The one inline policy of the one user. */
  readonly policy: Policy
}

/** What CloudFormation knows beside the parameters: `AWS::Region`, and the attributes of what it made. */
export type Attributes = Readonly<Record<string, string>>

/** The parameters of the template. */
export function readParameters(): Readonly<Record<string, Parameter>> {
  return readTemplate({}).Parameters
}

/**
 * Fills in the template. Throws an Error that names a parameter that is unknown, missing or not of its pattern, and
 * whatever the template refers to that is not there.
 */
export function makeStack(given: Readonly<Record<string, string>>, attributes: Attributes): Stack {
  const parameters = readParameters()
  const unknown = Object.keys(given).find((name) => !(name in parameters))
  if (unknown !== undefined) throw new Error(`Parameters: [${unknown}] do not exist in the template`)
  const values: Record<string, string> = { ...attributes }
  for (const [name, { Default, AllowedPattern = '.+' }] of Object.entries(parameters)) {
    const value = given[name] ?? Default
    if (value === undefined) throw new Error(`Parameters: [${name}] must have values`)
    if (!new RegExp(`^(?:${AllowedPattern})$`).test(String(value)))
      throw new Error(`Parameter ${name} failed to satisfy constraint`)
    values[name] = String(value)
  }
  const { Resources, Outputs } = readTemplate(values)
  const policies = Resources['User']?.Properties['Policies'] as { PolicyDocument: Policy }[] | undefined
  const policy = policies?.[0]?.PolicyDocument
  if (!policy) throw new Error('the user of the template has no policy')
  const outputs = Object.entries(Outputs).map(([name, { Value }]) => [name, Value] as const)
  return { resources: Resources, outputs: Object.fromEntries(outputs), policy }
}

interface Template {
  readonly Parameters: Readonly<Record<string, Parameter>>
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs: Readonly<Record<string, { readonly Value: string }>>
}

/** Reads the template; with no values at all, what it refers to stays as it is written. */
function readTemplate(values: Readonly<Record<string, string>>): Template {
  const isBare = Object.keys(values).length === 0
  const lookUp = (name: string) => {
    const value = values[name]
    if (value === undefined && !isBare) throw new Error(`the template refers to ${name}, which is not there`)
    return value ?? name
  }
  const ref: ScalarTag = { tag: '!Ref', resolve: lookUp }
  const sub: ScalarTag = {
    tag: '!Sub',
    resolve: (text) => text.replace(/\$\{([^}]+)\}/g, (_, name: string) => lookUp(name)),
  }
  const text = readFileSync(new URL('../../deploy/aws.yaml', import.meta.url), 'utf8')
  return parse(text, { customTags: [ref, sub, joinTag] }) as Template
}

const joinTag = {
  tag: '!Join',
  collection: 'seq',
  resolve(node: unknown) {
    const [separator, parts] = (node as { toJSON(): [string, string[]] }).toJSON()
    return new Scalar(parts.join(separator))
  },
} as const satisfies CollectionTag
