// A policy document as the visual editor has it. The text is the truth; the fields are read from it with each change
// and written back to it.

export type Effect = 'allow' | 'deny'

export interface Condition {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

export interface Statement {
  readonly effect: Effect
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions: readonly Condition[]
}

export const newStatement: Statement = {
  effect: 'allow',
  actions: [],
  resources: ['*'],
  conditions: [],
}

/** Undefined: it has something that the fields can't show, and that writing it again would lose. */
export function readDocument(text: string): readonly Statement[] | undefined {
  const document = parsed(text)
  if (!isObject(document) || document.version !== '2.0') return undefined
  if (hasOthers(document, ['version', 'statement'])) return undefined
  const statements = listed(document.statement).map(readStatement)
  return statements.some((one) => one === undefined) ? undefined : statements.filter(isThere)
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Half written: the problems beside the editor say where.
    return undefined
  }
}

function readStatement(written: unknown): Statement | undefined {
  if (!isObject(written)) return undefined
  if (hasOthers(written, ['effect', 'action', 'resource', 'condition'])) return undefined
  const { effect } = written
  if (effect !== 'allow' && effect !== 'deny') return undefined
  const actions = listed(written.action)
  const resources = listed(written.resource)
  const conditions = readConditions(written.condition ?? {})
  if (!conditions || !actions.every(isText) || !resources.every(isText)) return undefined
  return {
    effect,
    actions: actions.filter(isText),
    resources: resources.filter(isText),
    conditions,
  }
}

function readConditions(written: unknown): readonly Condition[] | undefined {
  if (!isObject(written)) return undefined
  const conditions: Condition[] = []
  for (const [operator, keys] of Object.entries(written)) {
    if (!isObject(keys)) return undefined
    for (const [key, value] of Object.entries(keys)) {
      const values = listed(value)
      if (!values.every(isScalar)) return undefined
      conditions.push({ operator, key, values: values.map(String) })
    }
  }
  return conditions
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listed(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

function hasOthers(object: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return Object.keys(object).some((name) => !names.includes(name))
}

export function writeDocument(statements: readonly Statement[]): string {
  const document = { version: '2.0', statement: statements.map(writeStatement) }
  return JSON.stringify(document, undefined, 2)
}

export function writeStatement({ effect, actions, resources, conditions }: Statement): object {
  const condition = writeConditions(conditions)
  return {
    effect,
    action: actions,
    resource: resources,
    ...(conditions.length > 0 && { condition }),
  }
}

/** Of the same operator and key the values stand together: one of them must be met. */
function writeConditions(conditions: readonly Condition[]): object {
  const written: Record<string, Record<string, readonly string[]>> = {}
  for (const { operator, key, values } of conditions) {
    const keys = written[operator] ?? {}
    written[operator] = keys
    keys[key] = [...(keys[key] ?? []), ...values]
  }
  return written
}
