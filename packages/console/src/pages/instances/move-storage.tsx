// To which storage backend an instance moves. Operators choose from a list; others type the name they were told.

import { useChange, useRead } from '../../api/use-api.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { FixedField, SelectField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Bytes } from '../../patterns/shown.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface MoveStorageProps {
  readonly instance: Instance
  onClose(): void
}

const maxBackends = 200
const listRight = ['entrepot:DescribeStorageBackends'] as const

export function MoveStorage({ instance, onClose }: MoveStorageProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { may } = useRights([listRight])
  const move = useChange('ModifyInstanceStorage')
  const { data: backends } = useRead(
    'DescribeStorageBackends',
    { Limit: maxBackends },
    { isEnabled: may(...listRight) },
  )
  const { data: held } = useRead('DescribeInstanceStatistics', {
    RegistryIds: [instance.RegistryId],
  })
  const form = useForm({
    initial: { target: '' },
    check: ({ target }) => ({ target: target === '' ? t('instances.targetMissing') : undefined }),
    submit: ({ target }) =>
      move.mutateAsync({
        RegistryId: instance.RegistryId,
        TargetRegion: instance.RegionName,
        TargetStorageName: target,
      }),
    apiNames: { target: 'TargetStorageName' },
  })
  return (
    <FormDialog
      title={t('instances.moveStorage')}
      kind="dialog"
      form={form}
      verb={t('instances.moveStorage')}
      onClose={onClose}
      onDone={() => {
        tell(t('instances.moveBegan'))
        onClose()
      }}
    >
      <FixedField label={t('instances.instance')}>
        {instance.RegistryName} · <Bytes value={held?.Statistics[0]?.StoredBytes} />
      </FixedField>
      {may(...listRight) ? (
        <SelectField
          name="target"
          label={t('instances.targetBackend')}
          isRequired
          none={t('instances.chooseBackend')}
          choices={(backends?.StorageBackends ?? []).map(({ StorageName, Kind, Bucket }) => ({
            value: StorageName,
            label: [StorageName, t(kindWords[Kind]), Bucket].filter(Boolean).join(' · '),
          }))}
        />
      ) : (
        <TextField
          name="target"
          label={t('instances.targetBackend')}
          help={t('instances.targetHelp')}
          isRequired
          hasFocus
        />
      )}
      <Banner>{t('instances.moveAbout')}</Banner>
    </FormDialog>
  )
}

const kindWords = { Folder: 'instances.kindFolder', S3: 'instances.kindBucket' } as const
