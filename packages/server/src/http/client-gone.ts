/** The client closed its connection while it was sending or being sent to. Nobody is left to answer. */
export class ClientGone extends Error {
  constructor(cause?: unknown) {
    super('the client closed the connection', { cause })
    this.name = 'ClientGone'
  }
}
