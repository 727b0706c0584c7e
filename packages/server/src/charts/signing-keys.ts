// Public keys with which a namespace's provenance files are verified: as gpg exports them, one at a time. Kept is what
// OpenPGP makes of them, and of their user ids only those that the key itself certifies.

import { maxKeyChars } from '@entrepot/contract/entrepot/chart-keys.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { Doc } from '@entrepot/contract/fields.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { PublicKey } from 'openpgp'
import { printable } from './problem.ts'

export interface SigningKey {
  /** Hexadecimal, as gpg shows it. */
  readonly fingerprint: string
  /** Of the key and its subkeys: what a signature names. */
  readonly keyIds: readonly string[]
  readonly userIds: readonly string[]
  readonly armored: string
}

/** With more a signature takes seconds. */
const maxKeyBits = 8192
const maxSubkeys = 16
const maxUserIds = 10

const begin = '-----BEGIN PGP'

/** It is large, and most deployments never need it. */
export function loadOpenpgp() {
  return import('openpgp')
}

/** Throws INVALID_PARAMETER_VALUE of `PublicKey`. */
export async function readSigningKey(text: string, nowMs: number): Promise<SigningKey> {
  const key = await parsePublicKey(text)
  const parts = key.getKeys()
  if (parts.length > maxSubkeys + 1) {
    refuse(`has more than ${maxSubkeys} subkeys`, `子密钥超过 ${maxSubkeys} 个`)
  }
  if (parts.some((part) => (part.getAlgorithmInfo().bits ?? 0) > maxKeyBits)) {
    refuse(`has more than ${maxKeyBits} bits`, `密钥超过 ${maxKeyBits} 位`)
  }
  const userIds = await certifiedUserIds(key, new Date(nowMs))
  if (userIds.length === 0) {
    refuse('has no user id that the key itself certifies', '没有经该密钥自签名的用户 ID')
  }
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    keyIds: parts.map((part) => part.getKeyID().toHex()),
    userIds,
    armored: key.armor(),
  }
}

async function parsePublicKey(text: string): Promise<PublicKey> {
  if (text.length > maxKeyChars) refuse(`is longer than ${maxKeyChars}`, `超过 ${maxKeyChars} 字符`)
  const { readKeys } = await loadOpenpgp()
  // Whatever it throws is about the text.
  const keys = await readKeys({ armoredKeys: text }).catch(() => [])
  const [key] = keys
  if (!key) {
    refuse(
      'is no armoured public key of OpenPGP; make it with gpg --armor --export',
      '不是 ASCII 封装的 OpenPGP 公钥，请用 gpg --armor --export 导出',
    )
  }
  if (keys.length > 1 || text.split(begin).length > 2) {
    refuse('holds several keys; add one at a time', '包含多个密钥，请逐个添加')
  }
  if (key.isPrivate()) {
    refuse(
      'is a private key: keep it to yourself, and add the public one (gpg --armor --export)',
      '是私钥：请勿外传，改用公钥（gpg --armor --export）',
    )
  }
  return key
}

async function certifiedUserIds(key: PublicKey, at: Date): Promise<readonly string[]> {
  const userIds: string[] = []
  for (const user of key.users) {
    if (!user.userID || userIds.length === maxUserIds) continue
    // It throws where the key revoked the user id, or never certified it.
    const isCertified = await user.verify(at).catch(() => false)
    if (isCertified) userIds.push(printable(user.userID.userID))
  }
  return userIds
}

function refuse(en: string, zh: string): never {
  throw invalidValue('PublicKey', { en, zh })
}

export function tooManyKeys(max: number): ApiError {
  const message: Doc = {
    en: `a namespace has at most ${max} keys: delete one that signs nothing any more`,
    zh: `每个命名空间最多 ${max} 个公钥，请先删除不再使用的`,
  }
  return new ApiError('LIMIT_EXCEEDED', { message })
}
