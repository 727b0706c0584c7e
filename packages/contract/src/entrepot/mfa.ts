// MFA: one device of one-time codes (TOTP) for each person, and recovery codes (5 actions).

import { type Action, self } from '../action.ts'
import { flag, integer, list, nullable, required, text } from '../fields.ts'
import { action, code, ownerUin, ownOrAsks, time } from './parameters.ts'

const serialNumber = text(
  'The device: `qcs::cam:uin/<owner>::mfa/softToken`',
  'MFA 设备序列号：qcs::cam:uin/<主账号>::mfa/softToken',
)

const recoveryCodes = list(
  text('A code, good for one login', '恢复码，仅可使用一次', { secret: true }),
  'Recovery codes, shown only here; those before end',
  '恢复码，仅此时可见，之前的恢复码作废',
)

export const createMfaDevice = action('CreateMfaDevice', {
  doc: {
    en: 'Makes an MFA device of the caller; it counts once it is activated.',
    zh: '为调用者创建 MFA 设备，激活后生效。',
  },
  kind: 'write',
  access: self,
  input: {},
  output: {
    SerialNumber: serialNumber,
    Secret: text('The secret in base32, shown only here', '密钥，base32，仅此时可见', {
      secret: true,
    }),
    OtpauthUri: text('The secret as an otpauth URI, for a QR code', 'otpauth URI，用于生成二维码', {
      secret: true,
    }),
  },
})

export const activateMfaDevice = action('ActivateMfaDevice', {
  doc: {
    en: 'Activates the MFA device of the caller with two codes, one after the other.',
    zh: '用连续两个验证码激活调用者的 MFA 设备。',
  },
  kind: 'write',
  access: self,
  input: {
    FirstCode: required(code('A code', '第一个验证码')),
    SecondCode: required(code('The next code', '紧接的下一个验证码')),
  },
  output: { RecoveryCodes: recoveryCodes },
})

export const describeMfaDevice = action('DescribeMfaDevice', {
  doc: { en: 'Shows the MFA device of a person.', zh: '查询用户的 MFA 设备。' },
  kind: 'read',
  access: ownOrAsks,
  permission: 'cam:DescribeMfaDevice',
  input: { TargetUin: ownerUin },
  output: {
    SerialNumber: nullable(serialNumber),
    IsActive: flag('True: codes are asked for at login', 'true 为登录时须输入验证码'),
    CreateTime: nullable(time('When it was made', '创建时间')),
    ActivateTime: nullable(time('When it was activated', '激活时间')),
    RecoveryCodesLeft: integer('Recovery codes not used', '剩余恢复码数'),
  },
})

export const deleteMfaDevice = action('DeleteMfaDevice', {
  doc: {
    en: 'Deletes an MFA device: one’s own with a code, another person’s without.',
    zh: '删除 MFA 设备：删除自己的须提供验证码，管理员删除他人的不需要。',
  },
  kind: 'write',
  access: ownOrAsks,
  permission: 'cam:DeleteMfaDevice',
  input: {
    TargetUin: ownerUin,
    Code: code('A code or a recovery code, for one’s own', '验证码或恢复码，删除自己的设备时必填'),
  },
  output: {},
})

export const regenerateRecoveryCodes = action('RegenerateRecoveryCodes', {
  doc: { en: 'Makes new recovery codes for the caller.', zh: '重新生成调用者的恢复码。' },
  kind: 'write',
  access: self,
  input: { Code: required(code('A code of the device', '当前验证码')) },
  output: { RecoveryCodes: recoveryCodes },
})

export const mfaActions: readonly Action[] = [
  createMfaDevice,
  activateMfaDevice,
  describeMfaDevice,
  deleteMfaDevice,
  regenerateRecoveryCodes,
]
