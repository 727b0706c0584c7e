// The stores in which instances can lie. The deployment's own is that of its settings.

import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useChange, useList } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, Count, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { CreateBackend, EditBackend } from './storage-forms.tsx'

export type Backend = Reply<'DescribeStorageBackends'>['StorageBackends'][number]

export function StorageBackends() {
  const words = useWords()
  const { t } = words
  const { tell } = useNotices()
  const state = useListState()
  const [deleting, setDeleting] = useState<string>()
  const remove = useChange('DeleteStorageBackend')
  const { may } = useRights([
    ['entrepot:CreateStorageBackend'],
    ['entrepot:ModifyStorageBackend'],
    ['entrepot:DeleteStorageBackend'],
  ])
  const list = useList(
    'DescribeStorageBackends',
    {},
    { rows: (reply) => reply.StorageBackends, total: (reply) => reply.TotalCount },
  )
  const edited = list.rows.find(({ StorageName }) => StorageName === state.open)
  const create = may('entrepot:CreateStorageBackend') && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('system.createBackend')}
    </Button>
  )
  return (
    <ListPage
      isInner
      title={t('system.storage')}
      about={t('system.storageAbout')}
      help="storage"
      actions={create}
      list={list}
      state={state}
      columns={columnsOf(words)}
      rowKey={({ StorageName }) => StorageName}
      rowActions={{
        label: ({ StorageName }) => t('system.actionsOf', { name: StorageName }),
        menu: ({ StorageName, Kind, InstanceCount, IsDefault }) => [
          ...(Kind === 'S3' && may('entrepot:ModifyStorageBackend')
            ? [
                {
                  id: 'edit',
                  label: t('system.edit'),
                  onSelect: () => state.setOpen(StorageName),
                },
              ]
            : []),
          ...(may('entrepot:DeleteStorageBackend')
            ? [
                {
                  id: 'delete',
                  label: t('system.remove'),
                  isDangerous: true,
                  blocked: IsDefault
                    ? t('system.isDefaultBlocked')
                    : InstanceCount > 0
                      ? t('system.hasInstances', { n: InstanceCount })
                      : undefined,
                  onSelect: () => setDeleting(StorageName),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('system.backendCount', { n })}
      empty={
        <Empty title={t('system.noBackend')} actions={create}>
          {t('system.noBackendAbout')}
        </Empty>
      }
    >
      {state.open === 'new' && <CreateBackend onClose={() => state.setOpen('')} />}
      {edited && <EditBackend backend={edited} onClose={() => state.setOpen('')} />}
      {deleting !== undefined && (
        <Confirm
          title={t('system.removeTitle', { name: deleting })}
          verb={t('system.removeVerb')}
          run={() => remove.mutateAsync({ StorageName: deleting })}
          onClose={() => setDeleting(undefined)}
          onDone={() => tell(t('system.wasRemoved', { name: deleting }))}
        >
          <p>{t('system.removeAbout')}</p>
        </Confirm>
      )}
    </ListPage>
  )
}

function columnsOf({ t }: Words): readonly Column<Backend>[] {
  return [
    {
      id: 'name',
      head: t('system.name'),
      cell: ({ StorageName, IsDefault }) => (
        <>
          <bdi>{StorageName}</bdi> {IsDefault && <Chip tone="good">{t('system.default')}</Chip>}
        </>
      ),
    },
    {
      id: 'kind',
      head: t('system.kind'),
      cell: ({ Kind }) => t(Kind === 'Folder' ? 'system.folder' : 'system.s3'),
    },
    {
      id: 'place',
      head: t('system.place'),
      cell: (backend) => <FreeText text={placeOf(backend)} />,
    },
    {
      id: 'endpoint',
      head: t('system.endpoint'),
      isMinor: true,
      cell: ({ Endpoint }) => <FreeText text={Endpoint} />,
    },
    {
      id: 'instances',
      head: t('system.instances'),
      isNumber: true,
      cell: ({ InstanceCount }) => <Count value={InstanceCount} />,
    },
    {
      id: 'created',
      head: t('system.created'),
      isMinor: true,
      cell: ({ CreateTime }) => <Time at={CreateTime} />,
    },
  ]
}

function placeOf({ Path, Bucket, Prefix }: Backend): string | null {
  return Bucket ? [Bucket, Prefix].filter(Boolean).join('/') : Path
}
