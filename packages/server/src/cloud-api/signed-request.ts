// A call of the management API as it came, before anybody believes it: Tencent Cloud API 3.0, signed by
// TC3-HMAC-SHA256 (parameters as JSON, or flat in the query of a GET) or in the older way, HmacSHA1 and HmacSHA256
// (everything flat, in a form or a query).

import type { IncomingMessage } from 'node:http'
import { ApiError } from '@entrepot/contract/errors.ts'
import { parseParameters } from '../http/query.ts'
import type { Tc3Authorization } from './tc3.ts'
import { parseTc3Authorization } from './tc3.ts'
import type { V1Signature } from './v1.ts'

/** A policy document is the longest honest parameter. */
export const maxBodyBytes = 1024 * 1024

export type Language = 'zh-CN' | 'en-US'

export type Signature =
  | { readonly kind: 'tc3'; readonly authorization: Tc3Authorization }
  | { readonly kind: 'v1'; readonly v1: V1Signature }
  /** `Authorization: SKIP`: the few actions that anybody may call. */
  | { readonly kind: 'none' }

export type Parameters =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'flat'; readonly entries: readonly (readonly [string, string])[] }

/** What is asked for, whoever asks. */
export interface AskedAction {
  readonly action: string
  readonly version: string
  readonly parameters: Parameters
}

export interface SignedRequest extends AskedAction {
  readonly region: string | undefined
  /** Seconds. */
  readonly timestamp: number
  /** Of a temporary key. */
  readonly token: string | undefined
  readonly language: Language
  readonly signature: Signature
}

/** What an error is told in, also where the rest of the request is not understood. */
export function languageOf(req: IncomingMessage): Language {
  return toLanguage(header(req, 'x-tc-language'))
}

function toLanguage(text: string | undefined): Language {
  return text === 'zh-CN' ? 'zh-CN' : 'en-US'
}

/** Each of these decides something, and proxies disagree on which of two counts. */
const singleHeaders = ['authorization', 'host', 'content-type', 'content-length']

/** Throws INVALID_REQUEST, MISSING_PARAMETER, AUTHORIZATION_INVALID. */
export function parseSignedRequest(req: IncomingMessage, body: Buffer): SignedRequest {
  assertSingleHeaders(req)
  const { authorization } = req.headers
  if (authorization === undefined) return parseV1(req, body)
  const signature: Signature =
    authorization === 'SKIP'
      ? { kind: 'none' }
      : { kind: 'tc3', authorization: parseTc3Authorization(authorization) }
  return {
    ...parseActionHeaders(req),
    region: header(req, 'x-tc-region') || undefined,
    timestamp: toTimestamp(needed(header(req, 'x-tc-timestamp'), 'X-TC-Timestamp')),
    token: header(req, 'x-tc-token') || undefined,
    language: languageOf(req),
    signature,
    parameters: parseTc3Parameters(req, body),
  }
}

/** Throws MISSING_PARAMETER. */
export function parseActionHeaders(req: IncomingMessage): Pick<AskedAction, 'action' | 'version'> {
  return {
    action: needed(header(req, 'x-tc-action'), 'X-TC-Action'),
    version: needed(header(req, 'x-tc-version'), 'X-TC-Version'),
  }
}

/** Throws INVALID_REQUEST. */
export function assertSingleHeaders(req: IncomingMessage): void {
  const seen = new Set<string>()
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = (req.rawHeaders[i] ?? '').toLowerCase()
    const isSingle = singleHeaders.includes(name) || name.startsWith('x-tc-')
    if (isSingle && seen.has(name)) throw invalid(`the header ${name} is there twice`)
    seen.add(name)
  }
}

function parseTc3Parameters(req: IncomingMessage, body: Buffer): Parameters {
  if (req.method === 'GET') {
    if (body.length > 0) throw invalid('a GET has no body')
    return { kind: 'flat', entries: [...parseParameters(queryOf(req), maxBodyBytes)] }
  }
  return { kind: 'json', value: parseJsonPost(req, body) }
}

/** Throws INVALID_REQUEST for any other type: a page of another origin may send those that forms have. */
export function parseJsonPost(req: IncomingMessage, body: Buffer): unknown {
  if (queryOf(req) !== '') throw invalid('a POST has no query')
  if (mediaType(req) !== 'application/json') {
    throw invalid('the Content-Type of a POST must be application/json')
  }
  return parseJson(body)
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown
  } catch {
    throw invalid('the body is no JSON in UTF-8')
  }
}

/** What stands beside the action's own parameters. */
const commonParameters: ReadonlySet<string> = new Set([
  ...['Action', 'Version', 'Region', 'Timestamp', 'Nonce', 'SecretId', 'Signature'],
  ...['SignatureMethod', 'Token', 'Language', 'RequestClient'],
])

function parseV1(req: IncomingMessage, body: Buffer): SignedRequest {
  const text = req.method === 'GET' ? queryOf(req) : formOf(req, body)
  const entries = [...parseParameters(text, maxBodyBytes)]
  const given = new Map(entries)
  if (given.size !== entries.length) throw invalid('a parameter is there twice')
  const get = (name: string) => needed(given.get(name), name)
  const action = get('Action')
  const timestamp = toTimestamp(get('Timestamp'))
  const v1: V1Signature = {
    secretId: get('SecretId'),
    signature: get('Signature'),
    method: given.get('SignatureMethod') ?? 'HmacSHA1',
    verb: req.method ?? 'POST',
    entries,
  }
  get('Nonce')
  return {
    action,
    version: get('Version'),
    region: given.get('Region') || undefined,
    timestamp,
    token: given.get('Token') || undefined,
    language: toLanguage(given.get('Language')),
    signature: { kind: 'v1', v1 },
    parameters: { kind: 'flat', entries: entries.filter(([name]) => !commonParameters.has(name)) },
  }
}

function formOf(req: IncomingMessage, body: Buffer): string {
  if (mediaType(req) !== 'application/x-www-form-urlencoded') {
    throw new ApiError('AUTHORIZATION_INVALID', {
      message: {
        en: 'the call is not signed: it has no Authorization header and is no form',
        zh: '请求没有签名：缺少 Authorization 头，也不是表单',
      },
    })
  }
  return body.toString('utf8')
}

function mediaType(req: IncomingMessage): string {
  return (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

export function queryOf(req: IncomingMessage): string {
  const url = req.url ?? ''
  const mark = url.indexOf('?')
  return mark === -1 ? '' : url.slice(mark + 1)
}

function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name]
  return typeof value === 'string' ? value : undefined
}

function needed(value: string | undefined, name: string): string {
  if (value) return value
  throw new ApiError('MISSING_PARAMETER', {
    message: { en: `${name}: this parameter is required`, zh: `${name}：缺少必填参数` },
    detail: { parameter: name },
  })
}

function toTimestamp(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw invalid('the timestamp must be whole seconds since 1970')
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_REQUEST', { message })
}
