// One request below the console's address, as its endpoints see it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ActionGround } from '../actions/define.ts'
import type { Client } from '../http/client-address.ts'
import type { ConsolePlace } from './cookies.ts'
import type { OpenSession } from './sessions.ts'

export interface ConsoleCall {
  readonly ground: ActionGround
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly client: Client
  readonly place: ConsolePlace
  readonly agent: string | null
  readonly requestId: string
  /** Of the cookie. */
  readonly token: string | undefined
  readonly open: OpenSession | undefined
  /** Of the server. */
  readonly version: string
}
