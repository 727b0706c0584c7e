// The products that policies name, and the presets, which the server describes in Chinese only.

import type { WordKey, Words } from '../../words/use-words.ts'

export const serviceWords: Readonly<Record<string, WordKey>> = {
  tcr: 'policies.serviceTcr',
  cam: 'policies.serviceCam',
  cloudaudit: 'policies.serviceAudit',
  entrepot: 'policies.serviceEntrepot',
  kms: 'policies.serviceKms',
  ssl: 'policies.serviceSsl',
  sts: 'policies.serviceSts',
  tag: 'policies.serviceTag',
  vpc: 'policies.serviceVpc',
}

const presetProducts: Readonly<Record<string, WordKey>> = {
  QcloudTCR: 'policies.serviceTcr',
  QcloudCam: 'policies.serviceCam',
  QcloudAudit: 'policies.serviceAudit',
  Entrepot: 'policies.serviceEntrepot',
  QcloudKMS: 'policies.serviceKms',
  QcloudSSL: 'policies.serviceSsl',
  QcloudTAG: 'policies.serviceTag',
  QcloudVPC: 'policies.serviceVpc',
}

/** What a preset allows, by its name; undefined: it is none of those that have words here. */
export function presetWords(name: string, t: Words['t']): string | undefined {
  if (name === 'AdministratorAccess') return t('policies.presetAdministrator')
  if (name === 'ReadOnlyAccess') return t('policies.presetReader')
  const [, product = '', kind] = /^(\w+?)(Full|ReadOnly)Access$/.exec(name) ?? []
  const key = presetProducts[product]
  if (key === undefined) return undefined
  return t(kind === 'Full' ? 'policies.presetFull' : 'policies.presetRead', { product: t(key) })
}
