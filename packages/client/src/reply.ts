// From HTTP to a reply: always 200 with `Response` inside (Tencent Cloud API 3.0, "Response"); anything else is from
// somebody else, a proxy for instance.

import type { AnyReply } from './client.ts'
import { CallError, clientCodes } from './errors.ts'

/** An export of the audit is the longest. */
const maxReplyBytes = 64 * 1024 * 1024
const shownChars = 200

/** Throws CallError. */
export async function readReply(response: Response): Promise<AnyReply> {
  const text = await readText(response)
  const reply = parseEnvelope(text)
  if (reply === undefined) {
    const shown = text.slice(0, shownChars).replaceAll(/\s+/g, ' ')
    throw badReply(`HTTP ${response.status} is no reply of the API: ${shown}`)
  }
  const { Error: error, RequestId } = reply
  const requestId = String(RequestId ?? '')
  if (!isObject(error)) return { ...reply, RequestId: requestId }
  throw new CallError(String(error.Code ?? ''), String(error.Message ?? ''), { requestId })
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  const reader = response.body?.getReader()
  for (;;) {
    const chunk = await reader?.read()
    if (chunk === undefined || chunk.done) return text + decoder.decode()
    bytes += chunk.value.byteLength
    if (bytes > maxReplyBytes) {
      await reader?.cancel()
      throw badReply(`the reply has more than ${maxReplyBytes} bytes`)
    }
    text += decoder.decode(chunk.value, { stream: true })
  }
}

function parseEnvelope(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) && isObject(value.Response) ? value.Response : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function badReply(message: string): CallError {
  return new CallError(clientCodes.badReply, message)
}
