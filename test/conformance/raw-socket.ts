// Requests that an HTTP library refuses to send: bodies cut short, old versions, repeated headers.
import * as net from 'node:net'
import * as tls from 'node:tls'

const RAW_TIMEOUT_MS = 30_000

export interface RawReply {
  readonly status: number
  readonly version: string
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
}

/** Sends bytes as they are and reads until the server closes or, with `until`, the text satisfies it. */
export function sendRaw(
  origin: URL,
  bytes: string | Uint8Array,
  until: (text: string) => boolean = () => false,
): Promise<RawReply> {
  const { promise, resolve, reject } = Promise.withResolvers<RawReply>()
  const socket = connect(origin)
  let text = ''
  const finish = () => {
    socket.destroy()
    resolve(parse(text))
  }
  socket.setTimeout(RAW_TIMEOUT_MS, () => {
    socket.destroy()
    reject(new Error(`the server neither answered nor closed: ${text.slice(0, 200)}`))
  })
  socket.setEncoding('latin1')
  socket.on('data', (piece: string) => {
    text += piece
    if (until(text)) finish()
  })
  socket.on('end', finish)
  socket.on('error', (error) => (text === '' ? reject(error) : finish()))
  socket.write(bytes)
  return promise
}

/** Sends the beginning of a request and hangs up; resolves when the connection is closed. */
export function sendAndHangUp(origin: URL, bytes: string | Uint8Array): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const socket = connect(origin)
  socket.on('error', () => resolve())
  socket.on('close', () => resolve())
  socket.write(bytes, () => socket.destroySoon())
  return promise
}

function connect(origin: URL): net.Socket {
  const secure = origin.protocol === 'https:'
  const port = Number(origin.port === '' ? (secure ? 443 : 80) : origin.port)
  const host = origin.hostname.replace(/^\[|\]$/g, '')
  return secure
    ? tls.connect({ host, port, servername: host, rejectUnauthorized: false })
    : net.connect({ host, port })
}

function parse(text: string): RawReply {
  const head = text.split('\r\n\r\n', 1)[0] ?? ''
  const [first = '', ...lines] = head.split('\r\n')
  const [version = '', status = '0'] = first.split(' ')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return { version, status: Number(status), headers, text: text.slice(head.length + 4) }
}
