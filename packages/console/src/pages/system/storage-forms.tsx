// Making a storage backend known (it is written and read before it is kept), and changing its address or keys.

import { useChange } from '../../api/use-api.ts'
import {
  CheckField,
  FixedField,
  PasswordField,
  RadioField,
  TextField,
} from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Backend } from './storage-backends.tsx'

interface CreateBackendProps {
  onClose(): void
}

const initial = {
  name: '',
  kind: 'S3',
  path: '',
  bucket: '',
  prefix: '',
  endpoint: '',
  region: '',
  pathStyle: false,
  attach: false,
  keyId: '',
  key: '',
}

type Draft = typeof initial

function placeOf(draft: Draft) {
  if (draft.kind === 'Folder') return { Kind: 'Folder', Path: draft.path } as const
  return {
    Kind: 'S3',
    Bucket: draft.bucket,
    PathStyle: draft.pathStyle,
    ...(draft.prefix !== '' && { Prefix: draft.prefix }),
    ...(draft.endpoint !== '' && { Endpoint: draft.endpoint }),
    ...(draft.region !== '' && { BucketRegion: draft.region }),
    ...(draft.keyId !== '' && { AccessKeyId: draft.keyId }),
    ...(draft.key !== '' && { SecretAccessKey: draft.key }),
  } as const
}

export function CreateBackend({ onClose }: CreateBackendProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const create = useChange('CreateStorageBackend')
  const form = useForm({
    initial,
    check: ({ name, kind, path, bucket }) => ({
      name: name.trim() === '' ? t('system.nameNeeded') : undefined,
      path: kind === 'Folder' && path === '' ? t('system.pathNeeded') : undefined,
      bucket: kind === 'S3' && bucket === '' ? t('system.bucketNeeded') : undefined,
    }),
    submit: (draft) =>
      create.mutateAsync({
        StorageName: draft.name.trim(),
        ...placeOf(draft),
        ...(draft.attach && { AttachExisting: true }),
      }),
    draftKey: 'storage-backend',
    secrets: ['key'],
    apiNames: {
      name: 'StorageName',
      path: 'Path',
      bucket: 'Bucket',
      prefix: 'Prefix',
      endpoint: 'Endpoint',
      region: 'BucketRegion',
      keyId: 'AccessKeyId',
      key: 'SecretAccessKey',
    },
  })
  return (
    <FormDialog
      title={t('system.createBackend')}
      form={form}
      verb={t('system.createBackend')}
      onClose={onClose}
      onDone={() => {
        tell(t('system.backendMade', { name: form.values.name }))
        onClose()
      }}
    >
      <p className="quiet">{t('system.checkedFirst')}</p>
      <TextField name="name" label={t('system.name')} maxLength={128} isRequired isFinal hasFocus />
      <RadioField
        name="kind"
        label={t('system.kind')}
        choices={[
          { value: 'S3', label: t('system.s3'), help: t('system.s3Help') },
          { value: 'Folder', label: t('system.folder'), help: t('system.folderHelp') },
        ]}
      />
      {form.values.kind === 'Folder' ? (
        <TextField name="path" label={t('system.path')} maxLength={1024} isRequired isFinal />
      ) : (
        <BucketFields />
      )}
      <CheckField name="attach" label={t('system.attach')} help={t('system.attachHelp')} />
    </FormDialog>
  )
}

function BucketFields() {
  const { t } = useWords()
  return (
    <>
      <TextField name="bucket" label={t('system.bucket')} maxLength={255} isRequired isFinal />
      <TextField name="prefix" label={t('system.prefix')} maxLength={512} isFinal />
      <TextField
        name="endpoint"
        type="url"
        label={t('system.endpoint')}
        help={t('system.endpointHelp')}
        maxLength={2048}
      />
      <TextField name="region" label={t('system.bucketRegion')} maxLength={64} isFinal />
      <CheckField name="pathStyle" label={t('system.pathStyle')} />
      <TextField name="keyId" label={t('system.keyId')} maxLength={256} />
      <PasswordField name="key" label={t('system.key')} autoComplete="new-password" />
    </>
  )
}

interface EditBackendProps {
  readonly backend: Backend
  onClose(): void
}

export function EditBackend({ backend, onClose }: EditBackendProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyStorageBackend')
  const form = useForm({
    initial: {
      endpoint: backend.Endpoint ?? '',
      pathStyle: backend.PathStyle ?? false,
      keyId: backend.AccessKeyId ?? '',
      key: '',
    },
    submit: ({ endpoint, pathStyle, keyId, key }) =>
      modify.mutateAsync({
        StorageName: backend.StorageName,
        PathStyle: pathStyle,
        ...(endpoint !== '' && { Endpoint: endpoint }),
        ...(keyId !== '' && { AccessKeyId: keyId }),
        ...(key !== '' && { SecretAccessKey: key }),
      }),
    secrets: ['key'],
    apiNames: { endpoint: 'Endpoint', keyId: 'AccessKeyId', key: 'SecretAccessKey' },
  })
  return (
    <FormDialog
      title={t('system.editBackend', { name: backend.StorageName })}
      form={form}
      verb={t('patterns.save')}
      onClose={onClose}
      onDone={() => {
        tell(t('system.saved'))
        onClose()
      }}
    >
      <FixedField label={t('system.bucket')}>{backend.Bucket}</FixedField>
      <p className="quiet">{t('system.editBackendAbout')}</p>
      <TextField
        name="endpoint"
        type="url"
        label={t('system.endpoint')}
        help={t('system.endpointHelp')}
        maxLength={2048}
      />
      <CheckField name="pathStyle" label={t('system.pathStyle')} />
      <TextField name="keyId" label={t('system.keyId')} maxLength={256} />
      <PasswordField
        name="key"
        label={t('system.key')}
        help={t('system.keyStays')}
        autoComplete="new-password"
      />
    </FormDialog>
  )
}
