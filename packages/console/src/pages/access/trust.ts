// Trust policies of roles: made from a choice, and told in short. What isn't known here is shown as it is written.

export type TrustChoice = 'account' | 'user' | 'service' | 'provider' | 'json'

export interface TrustValues {
  readonly trust: TrustChoice
  /** Of the account, or the users, joined by commas. */
  readonly uin: string
  readonly service: string
  readonly provider: string
  /** What the token's `sub` must be like; empty: anything. */
  readonly subject: string
  readonly document: string
}

const assumeRole = 'name/sts:AssumeRole'
const assumeByToken = 'name/sts:AssumeRoleWithWebIdentity'

const listOf = (text: string): readonly string[] =>
  text
    .split(/[,\s]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** The document that a choice stands for, written for people to read. */
export function trustDocument(values: TrustValues, ownerUin: number): string {
  if (values.trust === 'json') return values.document
  const statement = { effect: 'allow', ...statementOf(values, ownerUin) }
  return JSON.stringify({ version: '2.0', statement: [statement] }, undefined, 2)
}

function statementOf(values: TrustValues, ownerUin: number): object {
  switch (values.trust) {
    case 'account':
      return {
        action: assumeRole,
        principal: { qcs: listOf(values.uin).map((uin) => `qcs::cam::uin/${uin}:root`) },
      }
    case 'user':
      return {
        action: assumeRole,
        principal: { qcs: listOf(values.uin).map((uin) => `qcs::cam::uin/${ownerUin}:uin/${uin}`) },
      }
    case 'service':
      return { action: assumeRole, principal: { service: listOf(values.service) } }
    case 'provider':
      return {
        action: assumeByToken,
        principal: { federated: [`qcs::cam::uin/${ownerUin}:oidc-provider/${values.provider}`] },
        ...(values.subject !== '' && {
          condition: { string_like: { 'oidc:sub': listOf(values.subject) } },
        }),
      }
    case 'json':
      return {}
  }
}

export interface Trusted {
  readonly kind: 'account' | 'user' | 'role' | 'service' | 'provider' | 'other'
  readonly name: string
}

const named: readonly (readonly [kind: Trusted['kind'], pattern: RegExp])[] = [
  ['account', /^qcs::cam::uin\/(\d+):root$/],
  ['user', /^qcs::cam::uin\/\d+:uin\/(\d+|\*)$/],
  ['role', /^qcs::cam::uin\/\d+:role(?:Name)?\/(.+)$/],
  ['provider', /^qcs::cam::uin\/\d+:oidc-provider\/(.+)$/],
]

/** Whom a document lets take on the role; nobody where it can't be read. */
export function trustedBy(document: string): readonly Trusted[] {
  const { statement } = readObject(document)
  const statements = Array.isArray(statement) ? statement : [statement]
  return statements.flatMap((one) => {
    const { effect, principal } = asObject(one)
    if (effect !== 'allow') return []
    const { qcs, service, federated } = asObject(principal)
    return [
      ...textsOf(service).map((name) => ({ kind: 'service', name }) as const),
      ...[...textsOf(qcs), ...textsOf(federated)].map(nameOf),
    ]
  })
}

function nameOf(principal: string): Trusted {
  for (const [kind, pattern] of named) {
    const name = pattern.exec(principal)?.[1]
    if (name !== undefined) return { kind, name }
  }
  return { kind: 'other', name: principal }
}

/** Is it JSON at all? The rest is the server's to say. */
export function isJson(text: string): boolean {
  return Object.keys(readObject(text)).length > 0
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(text))
  } catch {
    // Not JSON yet: somebody is typing it.
    return {}
  }
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

const textsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')

/** As people read it; as it is where it is no JSON. */
export function indented(document: string): string {
  return isJson(document) ? JSON.stringify(JSON.parse(document), undefined, 2) : document
}
