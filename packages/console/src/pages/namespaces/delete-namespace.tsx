import { useChange } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'

interface DeleteNamespaceProps {
  readonly instance: string
  readonly name: string
  onClose(): void
  onDone?(): void
}

/** Only an empty one can be deleted. */
export function DeleteNamespace({ instance, name, onClose, onDone }: DeleteNamespaceProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeleteNamespace')
  return (
    <Confirm
      title={t('namespaces.deleteTitle', { name })}
      verb={t('namespaces.deleteVerb')}
      run={() => remove.mutateAsync({ RegistryId: instance, NamespaceName: name })}
      onClose={onClose}
      onDone={() => {
        tell(t('namespaces.deleted', { name }))
        onDone?.()
      }}
    >
      <p>{t('namespaces.deleteAbout')}</p>
    </Confirm>
  )
}
