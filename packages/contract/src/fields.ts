// The fields of requests and replies as data: names, types, limits and what they mean, in both languages. From
// these come validation, types, OpenAPI, the pages of docs/api, the client and the CLI.

/** What a reader is told, in both languages. */
export interface Doc {
  readonly en: string
  readonly zh: string
}

/** `defaulted` fields may be left out by the caller and are always there for the handler. */
export type Presence = 'optional' | 'required' | 'defaulted'

interface Common<P extends Presence> {
  readonly doc: Doc
  readonly presence: P
  /** In a reply: null where there is nothing to say (`∅` in the reference). */
  readonly nullable: boolean
  readonly fallback: unknown
}

export interface Rule {
  readonly pattern: RegExp
  /** The pattern in words, for the error and the docs. */
  readonly words: Doc
}

export interface TextField<T extends string = string, P extends Presence = Presence>
  extends Common<P> {
  readonly kind: 'text'
  readonly minChars: number
  readonly maxChars: number
  readonly rule: Rule | undefined
  readonly values: readonly T[] | undefined
  /** Never written to a log, an audit row or an error. */
  readonly secret: boolean
}

export interface IntegerField<P extends Presence = Presence> extends Common<P> {
  readonly kind: 'integer'
  readonly min: number
  readonly max: number
  readonly values: readonly number[] | undefined
}

export interface NumberField<P extends Presence = Presence> extends Common<P> {
  readonly kind: 'number'
}

export interface FlagField<P extends Presence = Presence> extends Common<P> {
  readonly kind: 'flag'
}

export interface ListField<Item = Field, P extends Presence = Presence> extends Common<P> {
  readonly kind: 'list'
  readonly item: Item
  readonly minItems: number
  readonly maxItems: number
}

export interface ObjectField<F = Fields, P extends Presence = Presence> extends Common<P> {
  readonly kind: 'object'
  readonly structure: Structure<F>
}

/** A named structure, shared by the fields that have it. */
export interface Structure<F = Fields> {
  readonly name: string
  readonly doc: Doc
  readonly fields: F
}

export type Field = TextField | IntegerField | NumberField | FlagField | ListField | ObjectField
export type Fields = { readonly [name: string]: Field }

/** What a field holds that says no more of itself; a request never has more. */
export const maxTextChars = 4096
export const maxListItems = 200

export interface TextRules {
  readonly minChars?: number
  readonly maxChars?: number
  readonly rule?: Rule
  readonly secret?: boolean
}

const optional = { presence: 'optional', nullable: false, fallback: undefined } as const

export function text(en: string, zh: string, rules: TextRules = {}): TextField<string, 'optional'> {
  const { minChars = 0, maxChars = maxTextChars, rule, secret = false } = rules
  const doc = { en, zh }
  return { ...optional, kind: 'text', doc, minChars, maxChars, rule, values: undefined, secret }
}

/** One of a few words. */
export function oneOf<const T extends string>(
  values: readonly T[],
  en: string,
  zh: string,
): TextField<T, 'optional'> {
  const limits = { minChars: 0, maxChars: maxTextChars, rule: undefined, secret: false }
  return { ...optional, ...limits, kind: 'text', doc: { en, zh }, values }
}

interface IntegerRules {
  readonly min?: number
  readonly max?: number
  readonly values?: readonly number[]
}

export function integer(
  en: string,
  zh: string,
  rules: IntegerRules = {},
): IntegerField<'optional'> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, values } = rules
  return { ...optional, kind: 'integer', doc: { en, zh }, min, max, values }
}

/** A number with a fraction; only own actions have any. */
export function fraction(en: string, zh: string): NumberField<'optional'> {
  return { ...optional, kind: 'number', doc: { en, zh } }
}

export function flag(en: string, zh: string): FlagField<'optional'> {
  return { ...optional, kind: 'flag', doc: { en, zh } }
}

interface ListRules {
  readonly minItems?: number
  readonly maxItems?: number
}

export function list<Item extends Field>(
  item: Item,
  en: string,
  zh: string,
  rules: ListRules = {},
): ListField<Item, 'optional'> {
  const { minItems = 0, maxItems = maxListItems } = rules
  return { ...optional, kind: 'list', doc: { en, zh }, item, minItems, maxItems }
}

export function structure<const F extends Fields>(
  name: string,
  en: string,
  zh: string,
  fields: F,
): Structure<F> {
  return { name, doc: { en, zh }, fields }
}

/** A field with the structure; its own words, or the structure's. */
export function object<const F extends Fields>(
  of: Structure<F>,
  en = of.doc.en,
  zh = of.doc.zh,
): ObjectField<F, 'optional'> {
  return { ...optional, kind: 'object', doc: { en, zh }, structure: of }
}

/** A list of the structure. */
export function listOf<const F extends Fields>(
  of: Structure<F>,
  en = of.doc.en,
  zh = of.doc.zh,
  rules: ListRules = {},
): ListField<ObjectField<F, 'optional'>, 'optional'> {
  return list(object(of), en, zh, rules)
}

export function required<F extends Field>(field: F): With<F, 'required'> {
  return { ...field, presence: 'required' } as With<F, 'required'>
}

export function withDefault<F extends Field>(
  field: F,
  fallback: string | number | boolean,
): With<F, 'defaulted'> {
  return { ...field, presence: 'defaulted', fallback } as With<F, 'defaulted'>
}

export function nullable<F extends Field>(field: F): F & { readonly nullable: true } {
  return { ...field, nullable: true }
}

type With<F, P extends Presence> = Omit<F, 'presence'> & { readonly presence: P }

/** `request`: as a caller writes it; `input`: as a handler gets it; `reply`: everything is there. */
type Side = 'request' | 'input' | 'reply'

type Scalar<F, S extends Side> = F extends { readonly kind: 'text' }
  ? F extends { readonly values: readonly (infer T)[] | undefined }
    ? T
    : string
  : F extends { readonly kind: 'integer' | 'number' }
    ? number
    : F extends { readonly kind: 'flag' }
      ? boolean
      : F extends { readonly kind: 'list'; readonly item: infer Item }
        ? readonly Value<Item, S>[]
        : F extends { readonly kind: 'object'; readonly structure: Structure<infer Inner> }
          ? Values<Inner, S>
          : never

type Value<F, S extends Side> = F extends { readonly nullable: true }
  ? Scalar<F, S> | (S extends 'reply' ? null : never)
  : Scalar<F, S>

type Given<F, S extends Side> = S extends 'reply'
  ? true
  : F extends { readonly presence: 'required' }
    ? true
    : F extends { readonly presence: 'defaulted' }
      ? S extends 'input'
        ? true
        : false
      : false

type Values<F, S extends Side> = {
  readonly [K in keyof F as Given<F[K], S> extends true ? K : never]: Value<F[K], S>
} & {
  readonly [K in keyof F as Given<F[K], S> extends true ? never : K]?: Value<F[K], S> | undefined
}

export type RequestOf<F> = Values<F, 'request'>
export type InputOf<F> = Values<F, 'input'>
export type ReplyOf<F> = Values<F, 'reply'>
/** One entry of a structure in a reply. */
export type ReplyEntry<S> = S extends Structure<infer F> ? ReplyOf<F> : never
/** One entry of a structure as a handler gets it. */
export type InputEntry<S> = S extends Structure<infer F> ? InputOf<F> : never
