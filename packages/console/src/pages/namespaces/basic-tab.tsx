// What a namespace is, who may pull from it, its tags and its quota.

import { useState } from 'react'
import { EditIcon, LockOnIcon, UsergroupIcon } from 'tdesign-icons-react'
import { Button } from '../../patterns/button.tsx'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { Bytes, Count, Time } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { ByteQuota } from './byte-quota.tsx'
import { ChangeAccess } from './change-access.tsx'
import { EditTags } from './edit-tags.tsx'
import { AccessChip, TagChips } from './namespace-columns.tsx'
import type { Namespace } from './namespace-figures.ts'
import type { useRightsOfNamespace } from './namespace-rights.ts'

interface BasicTabProps {
  readonly instance: string
  readonly namespace: Namespace
  readonly rights: ReturnType<typeof useRightsOfNamespace>
}

export function BasicTab({ instance, namespace, rights }: BasicTabProps) {
  const { t } = useWords()
  const { Name, figures } = namespace
  return (
    <>
      <Panel title={t('namespaces.basic')}>
        <Facts
          facts={[
            { label: t('namespaces.name'), value: Name },
            { label: t('namespaces.number'), value: String(namespace.NamespaceId) },
            { label: t('namespaces.created'), value: <Time at={namespace.CreationTime} /> },
            {
              label: t('namespaces.repositories'),
              value: <Count value={figures?.RepositoryCount} />,
            },
            { label: t('namespaces.imageTags'), value: <Count value={figures?.TagCount} /> },
            { label: t('namespaces.bytes'), value: <Bytes value={figures?.StoredBytes} /> },
            { label: t('namespaces.pulls'), value: <Count value={figures?.PullCount} /> },
            {
              label: t('namespaces.lastPulled'),
              value: <Time at={figures?.LastPullTime} none={figures && t('namespaces.never')} />,
            },
          ]}
        />
      </Panel>
      <AccessPanel instance={instance} namespace={namespace} mayModify={rights.mayModify} />
      <TagsPanel instance={instance} namespace={namespace} mayTag={rights.mayTag} />
      {rights.maySeeQuota && (
        <ByteQuota instance={instance} name={Name} mayEdit={rights.maySetQuota} />
      )}
    </>
  )
}

type PartProps = Pick<BasicTabProps, 'instance' | 'namespace'>

function AccessPanel({
  instance,
  namespace: { Name, Public },
  mayModify,
}: PartProps & { readonly mayModify: boolean }) {
  const { t } = useWords()
  const [isAsking, setAsking] = useState(false)
  return (
    <Panel
      title={t('namespaces.access')}
      actions={
        mayModify && (
          <Button
            icon={Public ? <LockOnIcon /> : <UsergroupIcon />}
            onClick={() => setAsking(true)}
          >
            {t(Public ? 'namespaces.makePrivate' : 'namespaces.makePublic')}
          </Button>
        )
      }
    >
      <p className="row">
        <AccessChip isPublic={Public} />
        <span>{t(Public ? 'namespaces.publicHelp' : 'namespaces.privateHelp')}</span>
      </p>
      {isAsking && (
        <ChangeAccess
          instance={instance}
          name={Name}
          isPublic={Public}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  )
}

function TagsPanel({
  instance,
  namespace: { Name, TagSpecification },
  mayTag,
}: PartProps & { readonly mayTag: boolean }) {
  const { t } = useWords()
  const [isEditing, setEditing] = useState(false)
  const tags = TagSpecification?.Tags ?? []
  return (
    <Panel
      title={t('namespaces.tags')}
      actions={
        mayTag && (
          <Button icon={<EditIcon />} onClick={() => setEditing(true)}>
            {t('namespaces.editTags')}
          </Button>
        )
      }
    >
      {tags.length === 0 ? (
        <p className="quiet">{t('namespaces.noTags')}</p>
      ) : (
        <TagChips tags={tags} />
      )}
      {isEditing && (
        <EditTags instance={instance} name={Name} tags={tags} onClose={() => setEditing(false)} />
      )}
    </Panel>
  )
}
