// What can be done with an instance, each in its dialog: from its page and from its row.

import type { Instance } from '../../frame/use-instance.ts'
import { TemporaryLogin } from '../credentials/temporary-login.tsx'
import { ChangeEdition } from './change-edition.tsx'
import { DeleteInstance } from './delete-instance.tsx'
import { EditTags } from './edit-tags.tsx'
import { RenewInstance } from './renew-instance.tsx'

export interface InstanceTask {
  readonly kind: 'login' | 'edition' | 'renew' | 'tags' | 'delete'
  readonly instance: Instance
}

interface InstanceDialogProps extends InstanceTask {
  onClose(): void
  /** After it was deleted. */
  readonly onDone?: (() => void) | undefined
}

export function InstanceDialog({ kind, instance, onClose, onDone }: InstanceDialogProps) {
  switch (kind) {
    case 'login':
      return <TemporaryLogin instance={instance.RegistryId} onClose={onClose} />
    case 'edition':
      return <ChangeEdition instance={instance} onClose={onClose} />
    case 'renew':
      return <RenewInstance instance={instance} onClose={onClose} />
    case 'tags':
      return <EditTags instance={instance} onClose={onClose} />
    case 'delete':
      return <DeleteInstance instance={instance} onClose={onClose} onDone={onDone} />
  }
}

/** Renewing and deleting are possible in every state. */
export function canBeChanged({ Status }: Pick<Instance, 'Status'>): boolean {
  return Status === 'Running' || Status === 'Isolate'
}
