// `--wait`, and `entrepot wait`: what an action began, and how one sees that it is over.

import type { Client } from '@entrepot/client/client.ts'
import {
  waitForInstance,
  waitForInstanceGone,
  waitForJob,
  waitForStorageMove,
} from '@entrepot/client/states.ts'
import type { WaitOptions } from '@entrepot/client/wait.ts'
import type { Action } from '@entrepot/contract/action.ts'
import { usageError } from './failures.ts'
import { nearestName, unknownName } from './names.ts'
import { refuseFlags, secondsOf } from './options.ts'
import type { CommandContext } from './program.ts'
import { clientFor, readSettings } from './settings.ts'

type Began = Readonly<Record<string, unknown>>
type Wait = (client: Client, request: Began, reply: Began, options: WaitOptions) => Promise<unknown>

/** Actions that answer before they are done; every action with a `JobId` in its reply is one too. */
const waits: Readonly<Record<string, Wait>> = {
  CreateInstance: (client, _request, reply, options) =>
    waitForInstance(client, String(reply.RegistryId), 'Running', options),
  ModifyInstance: (client, request, _reply, options) =>
    waitForInstance(client, String(request.RegistryId), 'Running', options),
  RenewInstance: (client, request, _reply, options) =>
    waitForInstance(client, String(request.RegistryId), 'Running', options),
  DeleteInstance: (client, request, _reply, options) =>
    waitForInstanceGone(client, String(request.RegistryId), options),
  ModifyInstanceStorage: (client, request, _reply, options) =>
    waitForStorageMove(client, String(request.RegistryId), options),
}

const waitForItsJob: Wait = (client, _request, reply, options) =>
  waitForJob(client, String(reply.JobId), options)

/** Throws CommandError, before anything is called, for an action after which there is nothing to wait for. */
export function getWait(action: Action): Wait {
  const wait = 'JobId' in action.output && action.kind === 'write' ? waitForItsJob : undefined
  const own = Object.hasOwn(waits, action.name) ? waits[action.name] : wait
  if (own) return own
  throw usageError(
    `--wait: ${action.name} is over when it answers`,
    `--wait：${action.name} 返回时即已完成`,
  )
}

export function waitOptions({ given, terminal }: CommandContext): WaitOptions {
  return { signal: terminal.signal, timeoutMs: secondsOf(given, 'wait-timeout') }
}

const subjects = ['instance', 'job', 'storage-move']

/** `entrepot wait instance ID [STATE]`, `entrepot wait job ID`, `entrepot wait storage-move ID`. */
export async function waitCommand(
  context: CommandContext,
  words: readonly string[],
): Promise<void> {
  const [subject = '', id, state, ...more] = words
  const help = 'entrepot wait --help'
  refuseFlags(words, help)
  if (!subjects.includes(subject)) {
    const what = { en: `there is no waiting for "${subject}"`, zh: `不能等待 "${subject}"` }
    throw unknownName(what, nearestName(subject, subjects), help)
  }
  if (id === undefined || more.length > 0 || (state !== undefined && subject !== 'instance')) {
    throw usageError(`write: entrepot wait ${subject} ID`, `用法：entrepot wait ${subject} ID`)
  }
  const { given, tongue, terminal } = context
  const client = clientFor(readSettings(given, terminal), { given, tongue })
  const options = waitOptions(context)
  if (subject === 'job') await waitForJob(client, id, options)
  else if (subject === 'storage-move') await waitForStorageMove(client, id, options)
  else if (state === 'gone') await waitForInstanceGone(client, id, options)
  else await waitForInstance(client, id, state, options)
}
