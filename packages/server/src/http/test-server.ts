// A real HTTP server on a free port, for tests of what happens on sockets.

import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, type Server as NetServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export async function listen(server: NetServer, t: TestContext): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    if ('closeAllConnections' in server) (server as Server).closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

export async function serve(t: TestContext, handler: RequestListener): Promise<number> {
  const server = createServer({ requestTimeout: 0 }, handler)
  server.on('checkContinue', handler)
  return listen(server, t)
}

export async function openSocket(port: number, t: TestContext): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  // A test that ends a connection by force sees resets on purpose.
  socket.on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Everything that the server sends until it closes, or until `enough` says so. */
export async function receive(
  socket: Socket,
  enough: (text: string) => boolean = () => false,
): Promise<string> {
  let text = ''
  for await (const chunk of socket.setEncoding('latin1')) {
    text += chunk
    if (enough(text)) break
  }
  return text
}
