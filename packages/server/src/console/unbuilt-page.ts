// What stands in place of the console while there is none.

import { join } from 'node:path'
import { readOrNot } from './asset-files.ts'

/** What the build leaves when it fails. */
const failureFile = '.build-failure'
const retrySeconds = 5

export async function unbuiltPage(folder: string) {
  const failure = (await readOrNot(join(folder, failureFile)))?.toString('utf8')
  const [title, words] = failure
    ? ['The console could not be built · 控制台构建失败', failure]
    : [
        'The console is not built yet · 控制台尚未构建',
        'npm start builds it. The registry and its API work meanwhile.\nnpm start 会构建控制台；在此期间镜像仓库与 API 正常可用。',
      ]
  const text = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1><pre>${escapeHtml(words)}</pre></body>
</html>
`
  return {
    status: 503,
    bytes: Buffer.from(text),
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Retry-After': String(retrySeconds),
      // The page comes by itself as soon as it is built.
      Refresh: String(retrySeconds),
    },
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
