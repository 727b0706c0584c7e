// Where the bytes of a new instance lie: a choice for whoever runs the deployment, a fact for everybody else.

import { useRead } from '../../api/use-api.ts'
import { FixedField, SelectField } from '../../patterns/fields.tsx'
import { useRights } from '../../patterns/rights.ts'
import { useWords } from '../../words/use-words.ts'

const maxBackends = 200
const listRight = ['entrepot:DescribeStorageBackends'] as const
const kindWords = { Folder: 'instances.kindFolder', S3: 'instances.kindBucket' } as const

export function StorageField() {
  const { t } = useWords()
  const { may } = useRights([listRight])
  const { data } = useRead(
    'DescribeStorageBackends',
    { Limit: maxBackends },
    { isEnabled: may(...listRight) },
  )
  const others = (data?.StorageBackends ?? []).filter(({ IsDefault }) => !IsDefault)
  if (others.length === 0) {
    return <FixedField label={t('instances.backend')}>{t('instances.backendOfNew')}</FixedField>
  }
  return (
    <SelectField
      name="storage"
      label={t('instances.backend')}
      none={t('instances.defaultBackend')}
      choices={others.map(({ StorageName, Kind, Bucket }) => ({
        value: StorageName,
        label: [StorageName, t(kindWords[Kind]), Bucket].filter(Boolean).join(' · '),
      }))}
    />
  )
}
