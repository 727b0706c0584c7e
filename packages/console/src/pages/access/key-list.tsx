// The API keys of a person: the secret is shown once, and a key is disabled before it is deleted.

import { type ReactNode, useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead, useReads } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { CopyButton, FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { CreateKey } from './create-key.tsx'
import { inChunks, wholeList } from './whole-list.ts'

type Key = NonNullable<Reply<'ListAccessKeys'>['AccessKeys']>[number]

interface KeyListProps {
  readonly uin: number
  readonly name: string
  /** Of a page of its own: whose keys it shows, to be chosen. Else it stands in the page of the person. */
  readonly whose?: ReactNode
}

interface Question {
  readonly kind: 'disable' | 'delete'
  readonly key: Key
}

export function KeyList({ uin, name, whose }: KeyListProps) {
  const isPage = whose !== undefined
  const { t } = useWords()
  const state = useListState()
  const { tell, tellError } = useNotices()
  const [question, setQuestion] = useState<Question>()
  const resource = `uin/${uin}`
  const { may } = useRights([
    ['cam:CreateAccessKey', resource],
    ['cam:UpdateAccessKey', resource],
    ['cam:DeleteAccessKey', resource],
  ])
  const update = useChange('UpdateAccessKey')
  const read = useRead('ListAccessKeys', { TargetUin: uin })
  const keys = read.data?.AccessKeys ?? []
  const uses = useLastUses(keys)
  const create = may('cam:CreateAccessKey', resource) && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('access.createKey')}
    </Button>
  )
  const enable = ({ AccessKeyId }: Key) =>
    update.mutate(
      { AccessKeyId, Status: 'Active', TargetUin: uin },
      { onSuccess: () => tell(t('access.keyEnabled')), onError: tellError },
    )
  return (
    <ListPage
      isInner={!isPage}
      title={isPage ? t('access.keys') : t('access.keysOf', { name })}
      about={t('access.keysAbout')}
      actions={
        <>
          {create}
          {whose}
        </>
      }
      list={wholeList(keys, read)}
      state={state}
      columns={columnsOf(t, uses)}
      rowKey={({ AccessKeyId }) => AccessKeyId}
      rowActions={{
        label: ({ AccessKeyId }) => t('access.actionsOf', { name: AccessKeyId }),
        direct: (key) =>
          may('cam:UpdateAccessKey', resource) &&
          (key.Status === 'Active' ? (
            <Button theme="text" onClick={() => setQuestion({ kind: 'disable', key })}>
              {t('access.disable')}
            </Button>
          ) : (
            <Button theme="text" onClick={() => enable(key)}>
              {t('access.enable')}
            </Button>
          )),
        menu: (key) =>
          may('cam:DeleteAccessKey', resource)
            ? [
                {
                  id: 'delete',
                  label: t('access.delete'),
                  isDangerous: true,
                  blocked: key.Status === 'Active' ? t('access.disableFirst') : undefined,
                  onSelect: () => setQuestion({ kind: 'delete', key }),
                },
              ]
            : [],
      }}
      countLabel={(n) => t('access.keyCount', { n })}
      empty={
        <Empty title={t('access.noKeys')} actions={create}>
          {t('access.keysAbout')}
        </Empty>
      }
    >
      {state.open === 'new' && (
        <CreateKey uin={uin} name={name} onClose={() => state.setOpen('')} />
      )}
      {question && (
        <KeyQuestion
          question={question}
          uin={uin}
          lastUse={uses.get(question.key.AccessKeyId)}
          onClose={() => setQuestion(undefined)}
        />
      )}
    </ListPage>
  )
}

type LastUses = ReadonlyMap<string, number | null>

function columnsOf(t: Words['t'], uses: LastUses): readonly Column<Key>[] {
  return [
    {
      id: 'id',
      head: t('access.secretId'),
      cell: ({ AccessKeyId }) => (
        <>
          <code>{AccessKeyId}</code>
          <CopyButton text={AccessKeyId} what={AccessKeyId} />
        </>
      ),
    },
    {
      id: 'description',
      head: t('access.description'),
      cell: ({ Description }) => <FreeText text={Description} />,
    },
    {
      id: 'state',
      head: t('access.state'),
      cell: ({ Status: state }) => (
        <Status tone={state === 'Active' ? 'good' : 'off'}>
          {t(state === 'Active' ? 'access.enabled' : 'access.disabled')}
        </Status>
      ),
    },
    {
      id: 'used',
      head: t('access.lastUsed'),
      cell: ({ AccessKeyId }) => <Time at={uses.get(AccessKeyId)} none={t('access.never')} />,
    },
    {
      id: 'created',
      head: t('access.created'),
      isMinor: true,
      cell: ({ CreateTime }) => <Time at={CreateTime} />,
    },
  ]
}

/** The API tells it of so many keys in a call. */
const maxKeys = 10

function useLastUses(keys: readonly Key[]): LastUses {
  const chunks = inChunks(
    keys.map(({ AccessKeyId }) => AccessKeyId),
    maxKeys,
  )
  const reads = useReads(
    'GetSecurityLastUsed',
    chunks.map((ids) => ({ SecretIdList: [...ids] })),
  )
  return new Map(
    reads
      .flatMap(({ data }) => data?.SecretIdLastUsedRows ?? [])
      .map(({ SecretId, LastSecretUsedDate }) => [SecretId, LastSecretUsedDate ?? null]),
  )
}

interface KeyQuestionProps {
  readonly question: Question
  readonly uin: number
  readonly lastUse: number | null | undefined
  readonly onClose: () => void
}

function KeyQuestion({ question, uin, lastUse, onClose }: KeyQuestionProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const update = useChange('UpdateAccessKey')
  const remove = useChange('DeleteAccessKey')
  const id = question.key.AccessKeyId
  const isDeletion = question.kind === 'delete'
  return (
    <Confirm
      title={t(isDeletion ? 'access.deleteKeyTitle' : 'access.disableKeyTitle', { id })}
      verb={t(isDeletion ? 'access.deleteKey' : 'access.disableKey')}
      run={() =>
        isDeletion
          ? remove.mutateAsync({ AccessKeyId: id, TargetUin: uin })
          : update.mutateAsync({ AccessKeyId: id, Status: 'Inactive', TargetUin: uin })
      }
      onClose={onClose}
      onDone={() => tell(t(isDeletion ? 'access.keyDeleted' : 'access.keyDisabled'))}
    >
      <p>{t(isDeletion ? 'access.deleteKeyAbout' : 'access.disableKeyAbout')}</p>
      <p>
        {t('access.lastUsed')}: <Time at={lastUse} none={t('access.never')} />
      </p>
    </Confirm>
  )
}
