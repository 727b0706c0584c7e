// What is read below the console's address: the page, its files, the manual.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { matchesEtag } from '../http/etag.ts'
import { endJoined } from '../http/send.ts'
import { etagOf, hashedFolder, readAsset, readOrNot } from './asset-files.ts'
import type { ConsolePlace } from './cookies.ts'
import { unbuiltPage } from './unbuilt-page.ts'

export interface PagesSettings {
  /** The built console. */
  readonly folder: string
  /** Markdown. */
  readonly docsFolder: string
}

interface Content {
  readonly status: number
  readonly bytes: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

const yearSeconds = 31_536_000
const html = 'text/html; charset=utf-8'

export async function sendPage(
  settings: PagesSettings,
  path: string,
  { req, res, place }: { req: IncomingMessage; res: ServerResponse; place: ConsolePlace },
): Promise<void> {
  const asset = path && (await readAsset(settings.folder, path, req.headers['accept-encoding']))
  if (asset) {
    const { bytes, mediaType, encoding, etag, isImmutable } = asset
    const keep = isImmutable ? `public, max-age=${yearSeconds}, immutable` : 'no-cache'
    return send(req, res, {
      status: 200,
      bytes,
      headers: {
        'Content-Type': mediaType,
        'Cache-Control': keep,
        ETag: etag,
        ...(isImmutable && { Vary: 'Accept-Encoding' }),
        ...(encoding && { 'Content-Encoding': encoding }),
      },
    })
  }
  // A script of a former build, asked for by a page that is still open: the page would not run as one.
  if (path.startsWith(hashedFolder)) return sendNothing(req, res)
  const page = await readOrNot(join(settings.folder, 'index.html'))
  if (!page) return send(req, res, await unbuiltPage(settings.folder))
  const bytes = Buffer.from(withBase(page.toString('utf8'), `${place.prefix}/console/`))
  const headers = { 'Content-Type': html, 'Cache-Control': 'no-cache', ETag: etagOf(bytes) }
  send(req, res, { status: 200, bytes, headers })
}

/** The page's own addresses are relative, whichever page of the console was asked for. */
function withBase(page: string, base: string): string {
  return page.replace(/<head>/i, (head) => `${head}<base href="${base}" />`)
}

const docPattern = /^[a-z0-9][a-z0-9-]*(?:\.zh)?\.md$/

export async function sendDoc(
  { docsFolder }: PagesSettings,
  page: string,
  { req, res }: { req: IncomingMessage; res: ServerResponse },
): Promise<void> {
  const bytes = docPattern.test(page) ? await readOrNot(join(docsFolder, page)) : undefined
  if (!bytes) return sendNothing(req, res)
  const type = 'text/markdown; charset=utf-8'
  const headers = { 'Content-Type': type, 'Cache-Control': 'no-cache', ETag: etagOf(bytes) }
  send(req, res, { status: 200, bytes, headers })
}

export function sendNothing(req: IncomingMessage, res: ServerResponse): void {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }
  send(req, res, { status: 404, bytes: Buffer.from('there is nothing here\n'), headers })
}

function send(req: IncomingMessage, res: ServerResponse, content: Content): void {
  const { status, bytes, headers } = content
  if (headers.ETag && matchesEtag(req.headers['if-none-match'], headers.ETag)) {
    const { 'Content-Type': _, 'Content-Encoding': __, ...rest } = headers
    res.writeHead(304, rest).end()
    return
  }
  res.writeHead(status, { ...headers, 'Content-Length': bytes.byteLength })
  if (req.method === 'HEAD') res.end()
  else endJoined(res, bytes)
}
