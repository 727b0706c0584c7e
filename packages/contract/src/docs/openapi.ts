// OpenAPI 3.1 of the management API. A path stands for one action, since OpenAPI knows one operation of a method and
// path; the real transport is `POST /` with the action's name and version as headers, which each operation has.

import type { Action } from '../action.ts'
import {
  type Field,
  type Fields,
  type IntegerField,
  type ListField,
  maxListItems,
  maxTextChars,
  type TextField,
} from '../fields.ts'
import { listStructures } from './structures.ts'
import { resourcesOf } from './words.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type Schema = { readonly [name: string]: Json }

export function openApi(actions: readonly Action[]): Schema {
  const products = [...new Set(actions.map((action) => action.product))]
  const own = (product: string) => actions.filter((action) => action.product === product)
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    security: [{ signature: [] }],
    tags: products.map((name) => ({ name })),
    paths: Object.fromEntries(
      actions.map((action) => [
        `/${action.product}/${action.version}/${action.name}`,
        { post: operationOf(action) },
      ]),
    ),
    components: {
      securitySchemes,
      schemas: {
        ...schemas,
        ...Object.fromEntries(products.flatMap((product) => schemasOf(product, own(product)))),
      },
    },
  }
}

const info = {
  title: 'Entrepot',
  version: '1',
  description:
    'A path stands for an action. The request really goes to `POST /`, with the last two parts of the path as the ' +
    'headers X-TC-Version and X-TC-Action; X-TC-Region names a region, and X-TC-Language (zh-CN, en-US) the language ' +
    `of messages. A text has at most ${maxTextChars} characters and a list at most ${maxListItems} items where no ` +
    'other limit stands. Access and calls a second are in x-access and x-rate-per-second.',
}

const securitySchemes = {
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'TC3-HMAC-SHA256, with X-TC-Timestamp and, for temporary keys, X-TC-Token',
  },
}

const schemas = {
  RequestId: { type: 'string', format: 'uuid' },
  Failure: {
    type: 'object',
    required: ['Error', 'RequestId'],
    properties: {
      Error: {
        type: 'object',
        required: ['Code', 'Message'],
        properties: { Code: { type: 'string' }, Message: { type: 'string' } },
      },
      RequestId: { $ref: '#/components/schemas/RequestId' },
    },
  },
} as const satisfies Schema

function operationOf(action: Action): Schema {
  const { product, name, doc, access, permission } = action
  return {
    tags: [product],
    operationId: `${product}_${name}`,
    summary: doc.en,
    'x-access': { kind: access.kind, permission, resources: resourcesOf(access) },
    'x-rate-per-second': action.ratePerSecond,
    ...(access.kind === 'open' ? { security: [{}] } : {}),
    requestBody: { required: true, content: json(reference(`${product}.${name}Request`)) },
    responses: {
      200: {
        description: 'Done, or a failure',
        content: json({
          type: 'object',
          required: ['Response'],
          properties: {
            Response: {
              anyOf: [reference(`${product}.${name}Response`), reference('Failure')],
            },
          },
        }),
      },
    },
  }
}

function reference(schema: string): Schema {
  return { $ref: `#/components/schemas/${schema}` }
}

function json(schema: Schema): Schema {
  return { 'application/json': { schema } }
}

/** Of the product's structures, requests and replies; no structure is called as a request or a reply (tested). */
function schemasOf(product: string, actions: readonly Action[]): readonly [string, Schema][] {
  return [
    ...listStructures(actions).map(({ name, doc, fields }): [string, Schema] => [
      `${product}.${name}`,
      { description: doc.en, ...objectSchema(product, fields) },
    ]),
    ...actions.flatMap(({ name, input, output }): [string, Schema][] => [
      [
        `${product}.${name}Request`,
        { ...objectSchema(product, input), additionalProperties: false },
      ],
      [`${product}.${name}Response`, replySchema(product, output)],
    ]),
  ]
}

function replySchema(product: string, output: Fields): Schema {
  return {
    type: 'object',
    required: ['RequestId'],
    properties: { ...propertiesOf(product, output), RequestId: reference('RequestId') },
  }
}

function objectSchema(product: string, fields: Fields): Schema {
  const required = Object.keys(fields).filter((name) => fields[name]?.presence === 'required')
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: propertiesOf(product, fields),
  }
}

function propertiesOf(product: string, fields: Fields): Schema {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, fieldSchema(product, field)]),
  )
}

function fieldSchema(product: string, field: Field): Schema {
  const schema = valueSchema(product, field)
  const words: Schema = {
    description: field.doc.en,
    // What `withDefault` takes.
    ...(field.presence === 'defaulted' ? { default: field.fallback as Json } : {}),
  }
  if (!field.nullable) return { ...schema, ...words }
  return { anyOf: [schema, { type: 'null' }], ...words }
}

function valueSchema(product: string, field: Field): Schema {
  switch (field.kind) {
    case 'text':
      return textSchema(field)
    case 'integer':
      return integerSchema(field)
    case 'number':
      return { type: 'number' }
    case 'flag':
      return { type: 'boolean' }
    case 'list':
      return listSchema(product, field)
    case 'object':
      return reference(`${product}.${field.structure.name}`)
  }
}

function textSchema({ values, minChars, maxChars, rule, secret }: TextField): Schema {
  return {
    type: 'string',
    ...(values ? { enum: values } : {}),
    ...(minChars > 0 ? { minLength: minChars } : {}),
    ...(maxChars === maxTextChars ? {} : { maxLength: maxChars }),
    ...(rule ? { pattern: rule.pattern.source } : {}),
    ...(secret ? { format: 'password' } : {}),
  }
}

function integerSchema({ values, min, max }: IntegerField): Schema {
  if (values) return { type: 'integer', enum: values }
  return {
    type: 'integer',
    ...(min === Number.MIN_SAFE_INTEGER ? {} : { minimum: min }),
    ...(max === Number.MAX_SAFE_INTEGER ? {} : { maximum: max }),
  }
}

function listSchema(product: string, { item, minItems, maxItems }: ListField): Schema {
  return {
    type: 'array',
    // What an entry is stands with the list or with the structure.
    items: valueSchema(product, item),
    ...(minItems > 0 ? { minItems } : {}),
    ...(maxItems === maxListItems ? {} : { maxItems }),
  }
}
