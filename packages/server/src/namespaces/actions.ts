// The API's actions on namespaces.

import { createNamespace as createAction } from '@entrepot/contract/tcr/namespaces.ts'
import { change, type Handler } from '../actions/define.ts'
import { createNamespace } from './namespaces.ts'

export const namespaceHandlers: readonly Handler[] = [
  change(createAction, async ({ tx, at, actor, origin, instance, input }) => {
    const { NamespaceName: name, IsPublic: isPublic } = input
    await createNamespace(tx, instance, { name, isPublic, createdBy: actor.uin, at }, origin)
    return {}
  }),
]
