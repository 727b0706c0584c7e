// Every action there is, by product, version and name.

import type { Action } from './action.ts'
import { camActions } from './cam/catalog.ts'
import { cloudauditActions } from './cloudaudit/catalog.ts'
import { entrepotActions } from './entrepot/catalog.ts'
import { kmsActions } from './kms/catalog.ts'
import { sslActions } from './ssl/catalog.ts'
import { stsActions } from './sts/catalog.ts'
import { tagActions } from './tag/catalog.ts'
import { tcrActions } from './tcr/catalog.ts'
import { vpcActions } from './vpc/catalog.ts'

export const actions: readonly Action[] = [
  ...tcrActions,
  ...camActions,
  ...stsActions,
  ...tagActions,
  ...cloudauditActions,
  ...kmsActions,
  ...sslActions,
  ...vpcActions,
  ...entrepotActions,
]

const byName = new Map<string, Action[]>()
for (const action of actions) {
  const named = byName.get(action.name)
  if (named) named.push(action)
  else byName.set(action.name, [action])
}

/** An action's name and version together name it: products may share names, and versions (checked by a test). */
export function findActions(name: string): readonly Action[] {
  return byName.get(name) ?? []
}
