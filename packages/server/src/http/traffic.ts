// What a connection brought and took: all of it, heads and broken transfers too.

import type { Socket } from 'node:net'

export interface Traffic {
  readonly inBytes: number
  readonly outBytes: number
}

const counted = new WeakMap<Socket, Traffic>()
const none: Traffic = { inBytes: 0, outBytes: 0 }

/** Since the last question. What of the next request has arrived already belongs to the one before. */
export function takeTraffic(socket: Socket): Traffic {
  const before = counted.get(socket) ?? none
  const now: Traffic = { inBytes: socket.bytesRead, outBytes: socket.bytesWritten }
  counted.set(socket, now)
  return {
    inBytes: Math.max(0, now.inBytes - before.inBytes),
    outBytes: Math.max(0, now.outBytes - before.outBytes),
  }
}
