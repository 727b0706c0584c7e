// An action of the management API, declared once. Dispatch, validation, authorisation, audit, OpenAPI, the docs, the
// client and the CLI are made from these declarations; `docs/api-coverage.md` lists those without a handler.

import type { Doc, Fields, InputOf, ReplyOf, RequestOf } from './fields.ts'

export const productVersions = {
  tcr: '2019-09-24',
  cam: '2019-01-16',
  sts: '2018-08-13',
  tag: '2018-08-13',
  cloudaudit: '2019-03-19',
  kms: '2019-01-18',
  ssl: '2019-12-05',
  vpc: '2017-03-12',
  /** What Tencent's API lacks. */
  entrepot: '2026-11-01',
} as const

export type Product = keyof typeof productVersions

/**
 * What a policy must allow.
 *
 * - `resource`: the action on these resources, templates of the last of six segments: `instance/{RegistryId}`,
 *   `repository/{RegistryId}/{NamespaceName}`. A name in braces is a field of the input; a list stands for one resource
 *   for each of its items. A field that the caller left out becomes `*`.
 * - `list`: allowed where any statement allows the action on something below; the handler filters.
 * - `operation`: only a statement with resource `*` allows it.
 * - `operator`: as `operation`, and only in the main account that runs the deployment.
 * - `self`: everyone who is logged in, on what is his own.
 * - `open`: nobody needs to be known; the call may be unsigned.
 */
export type Access =
  | { readonly kind: 'resource'; readonly resources: readonly string[] }
  | { readonly kind: 'list'; readonly resources: readonly string[] }
  | { readonly kind: 'operation' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'self' }
  | { readonly kind: 'open' }

/** How the list's `Offset` is meant (`actions/paging.ts` of the server has the rule for callers who mean the other). */
export type Paging = 'record' | 'page' | 'page-size'

export interface ActionOptions<I extends Fields, O extends Fields> {
  readonly doc: Doc
  /** Of the audit log: does it change something? */
  readonly kind: 'read' | 'write'
  readonly access: Access
  /** In policies, where it is not `<product>:<name>`. */
  readonly permission?: string
  readonly input: I
  readonly output: O
  /** Calls a second and account. */
  readonly ratePerSecond?: number
  readonly paging?: Paging
}

export interface Action<I extends Fields = Fields, O extends Fields = Fields> {
  readonly product: Product
  readonly version: string
  readonly name: string
  readonly doc: Doc
  readonly kind: 'read' | 'write'
  readonly access: Access
  readonly permission: string
  readonly input: I
  readonly output: O
  readonly ratePerSecond: number
  readonly paging: Paging | undefined
}

const defaultRatePerSecond = 20

/** `const action = actionsOf('tcr')`, then `action('CreateNamespace', { … })`. */
export function actionsOf(product: Product) {
  return <const I extends Fields, const O extends Fields>(
    name: string,
    options: ActionOptions<I, O>,
  ): Action<I, O> => ({
    product,
    version: productVersions[product],
    name,
    doc: options.doc,
    kind: options.kind,
    access: options.access,
    permission: options.permission ?? `${product}:${name}`,
    input: options.input,
    output: options.output,
    ratePerSecond: options.ratePerSecond ?? defaultRatePerSecond,
    paging: options.paging,
  })
}

/** Shorthands for `access`. */
export const on = (...resources: readonly string[]): Access => ({ kind: 'resource', resources })
export const listed = (...resources: readonly string[]): Access => ({ kind: 'list', resources })
export const operation: Access = { kind: 'operation' }
export const operator: Access = { kind: 'operator' }
export const self: Access = { kind: 'self' }
export const open: Access = { kind: 'open' }

export type ActionInput<A> = A extends Action<infer I, infer _O> ? InputOf<I> : never
export type ActionRequest<A> = A extends Action<infer I, infer _O> ? RequestOf<I> : never
export type ActionReply<A> = A extends Action<infer _I, infer O> ? ReplyOf<O> : never
