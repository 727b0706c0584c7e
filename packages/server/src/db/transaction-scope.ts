// The rule of transactions, asserted: inside one nothing is awaited but its own statements. Whoever asks
// the database past the transaction is found by the asynchronous context; whoever awaits something else
// on SQLite is found by the write queue.

import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'

export const transactionRule =
  'inside a transaction nothing is awaited but its own statements (no timer, file, network, other transaction or read beside it)'

export interface TransactionScope {
  open: boolean
}

const current = new AsyncLocalStorage<TransactionScope>()

export function withinTransaction<T>(scope: TransactionScope, work: () => Promise<T>): Promise<T> {
  return current.run(scope, work)
}

export function assertOutsideTransaction(): void {
  // What a transaction left behind may go on in its context after its end.
  assert(!current.getStore()?.open, transactionRule)
}

export function assertOpen(scope: TransactionScope): void {
  assert(scope.open, 'a transaction was used after its end')
}
