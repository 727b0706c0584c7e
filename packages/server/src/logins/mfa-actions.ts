// Own actions on the second factor of a person.

import {
  activateMfaDevice,
  createMfaDevice,
  deleteMfaDevice,
  describeMfaDevice,
  regenerateRecoveryCodes,
} from '@entrepot/contract/entrepot/mfa.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { type ActionCall, change, type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { askForFactor, serialNumberOf } from './asked-factor.ts'
import {
  beginDevice,
  confirmDevice,
  findDevice,
  hasDevice,
  makeRecoveryCodes,
  removeDevice,
  type ShownFactor,
  useFactor,
} from './mfa.ts'
import { assertPerson, ownOrAsked } from './own-person.ts'
import { markFactor, sessionIdOf } from './sessions.ts'
import { base32, otpauthLink } from './totp.ts'

type Codes = readonly [ShownFactor, ShownFactor]

export const mfaHandlers: readonly Handler[] = [
  change(createMfaDevice, async ({ tx, at, actor, ground }) => {
    assertPerson(actor)
    const secret = await beginDevice(tx, ground.vault, actor.uin, at)
    return {
      SerialNumber: serialNumberOf(actor.ownerUin),
      Secret: base32(secret),
      OtpauthUri: otpauthLink(secret, String(actor.uin)),
    }
  }),

  change<typeof activateMfaDevice, Codes>(
    activateMfaDevice,
    async ({ tx, at, actor, caller, prepared: [first, second] }) => {
      assertPerson(actor)
      const isNext =
        first.kind === 'code' && second.kind === 'code' && second.step === first.step + 1
      if (!isNext || (await hasDevice(tx, actor.uin))) throw new ApiError('MFA_FAILED')
      await useFactor(tx, first)
      const sessionId = sessionIdOf(caller.credentialLabel)
      if (sessionId) await markFactor(tx, sessionId)
      return { RecoveryCodes: await confirmDevice(tx, second, at) }
    },
    async (call) => {
      assertPerson(call.actor)
      const { FirstCode, SecondCode } = call.input
      return [await factorOf(call, FirstCode), await factorOf(call, SecondCode)]
    },
  ),

  read(describeMfaDevice, async (call) => {
    const { db, actor, input } = call
    const uin = await ownOrAsked(db, call, describeMfaDevice.permission, input.TargetUin)
    const device = await findDevice(db, uin)
    const confirmedAt = device?.confirmedAt ?? null
    return {
      SerialNumber: device ? serialNumberOf(actor.ownerUin) : null,
      IsActive: confirmedAt !== null,
      CreateTime: device ? isoUtc(device.createdAt) : null,
      ActivateTime: confirmedAt === null ? null : isoUtc(confirmedAt),
      RecoveryCodesLeft: device?.recoveryCodesLeft ?? 0,
    }
  }),

  change<typeof deleteMfaDevice, ShownFactor | undefined>(
    deleteMfaDevice,
    async (call) => {
      const { tx, actor, input, prepared } = call
      const uin = await ownOrAsked(tx, call, deleteMfaDevice.permission, input.TargetUin)
      if (uin === actor.uin && (await hasDevice(tx, uin))) {
        if (!prepared) throw new ApiError('MFA_FAILED')
        await useFactor(tx, prepared)
      }
      await removeDevice(tx, uin)
      return {}
    },
    async (call) => {
      const { actor, input } = call
      const isOwn = input.TargetUin === undefined || input.TargetUin === actor.uin
      if (!isOwn || input.Code === undefined) return undefined
      assertPerson(actor)
      return factorOf(call, input.Code)
    },
  ),

  change<typeof regenerateRecoveryCodes, ShownFactor>(
    regenerateRecoveryCodes,
    async ({ tx, actor, prepared }) => {
      await useFactor(tx, prepared)
      if (!(await hasDevice(tx, actor.uin))) throw new ApiError('MFA_FAILED')
      return { RecoveryCodes: await makeRecoveryCodes(tx, actor.uin) }
    },
    async (call) => {
      assertPerson(call.actor)
      return factorOf(call, call.input.Code)
    },
  ),
]

type Asking = Pick<ActionCall<typeof createMfaDevice>, 'ground' | 'actor' | 'client' | 'nowMs'>

function factorOf({ ground, actor, client, nowMs }: Asking, code: string): Promise<ShownFactor> {
  return askForFactor(ground, { uin: actor.uin, address: client.address, code, nowMs })
}
