// The account's namespaces here. A name belongs to one account of the region; only an empty one can be deleted.

import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { pageRows, useChange, useList, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Count, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import type { PersonalPageProps } from './personal.tsx'
import { Quotas } from './quotas.tsx'

type Namespace = Reply<'DescribeNamespacePersonal'>['Data']['NamespaceInfo'][number]

export function NamespacesPage({ region }: PersonalPageProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const state = useListState()
  const [deleting, setDeleting] = useState<string>()
  const remove = useChange('DeleteNamespacePersonal')
  const { may } = useRights([
    ['tcr:CreateNamespacePersonal'],
    ['tcr:DeleteNamespacePersonal'],
    ['tcr:PullRepositoryPersonal'],
    ['tcr:PushRepository'],
  ])
  const list = useList(
    'DescribeNamespacePersonal',
    { Namespace: state.q, Limit: pageRows, Offset: 0 },
    { rows: ({ Data }) => Data.NamespaceInfo, total: ({ Data }) => Data.NamespaceCount },
  )
  const listOf = (name: string) =>
    `${paths.personal(region)}?${new URLSearchParams({ 'filter.namespace': name })}`
  const columns: readonly Column<Namespace>[] = [
    {
      id: 'name',
      head: t('personal.name'),
      cell: ({ Namespace: name }) => <Link to={listOf(name)}>{name}</Link>,
    },
    {
      id: 'repositories',
      head: t('personal.repositories'),
      isNumber: true,
      cell: ({ RepoCount }) => <Count value={RepoCount} />,
    },
    {
      id: 'created',
      head: t('personal.created'),
      cell: ({ CreationTime }) => <Time at={CreationTime} />,
    },
  ]
  const create = may('tcr:CreateNamespacePersonal') && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('personal.createNamespace')}
    </Button>
  )
  return (
    <ListPage
      title={t('personal.namespaces')}
      about={t('personal.namespacesAbout')}
      help="personal"
      banner={<Quotas />}
      actions={
        <>
          {create}
          {may('tcr:PullRepositoryPersonal') && may('tcr:PushRepository') && (
            <LinkButton to={paths.personal(region, 'migration')}>
              {t('personal.migration')}
            </LinkButton>
          )}
        </>
      }
      list={list}
      state={state}
      searchFor={t('personal.searchNamespaces')}
      columns={columns}
      rowKey={({ Namespace: name }) => name}
      rowActions={{
        label: ({ Namespace: name }) => t('personal.actionsOf', { name }),
        menu: ({ Namespace: name, RepoCount }) => [
          { id: 'repositories', label: t('personal.showRepositories'), to: listOf(name) },
          ...(may('tcr:DeleteNamespacePersonal')
            ? [
                {
                  id: 'delete',
                  label: t('personal.delete'),
                  isDangerous: true,
                  blocked: RepoCount > 0 ? t('personal.notEmpty', { n: RepoCount }) : undefined,
                  onSelect: () => setDeleting(name),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('personal.namespaceCount', { n })}
      empty={
        <Empty title={t('personal.noNamespace')} actions={create}>
          {t('personal.noNamespaceAbout')}
        </Empty>
      }
    >
      {state.open === 'new' && <CreateNamespace onClose={() => state.setOpen('')} />}
      {deleting !== undefined && (
        <Confirm
          title={t('personal.deleteNamespaceTitle', { name: deleting })}
          verb={t('personal.deleteNamespace')}
          run={() => remove.mutateAsync({ Namespace: deleting })}
          onClose={() => setDeleting(undefined)}
          onDone={() => tell(t('personal.wasDeleted', { name: deleting }))}
        >
          <p>{t('personal.deleteNamespaceAbout')}</p>
        </Confirm>
      )}
    </ListPage>
  )
}

const namePattern = /^(?=.{2,30}$)[a-z0-9]+(?:[._-][a-z0-9]+)*$/
const afterLastKeyMs = 400

/** Whether somebody in the region has the name, asked shortly after the last key. */
function useNameCheck(name: string) {
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(name), afterLastKeyMs)
    return () => clearTimeout(timer)
  }, [name])
  const isAsked = asked === name && namePattern.test(name)
  const { data } = useRead(
    'ValidateNamespaceExistPersonal',
    { Namespace: asked },
    { isEnabled: isAsked },
  )
  return isAsked ? data?.Data : undefined
}

function CreateNamespace({ onClose }: { onClose(): void }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const create = useChange('CreateNamespacePersonal')
  const form = useForm({
    initial: { name: '' },
    check: ({ name }) => ({ name: namePattern.test(name) ? undefined : t('personal.nameRule') }),
    submit: ({ name }) => create.mutateAsync({ Namespace: name }),
    draftKey: 'personal-namespace',
    apiNames: { name: 'Namespace' },
  })
  const { name } = form.values
  const verdict = useNameCheck(name)
  const isTaken = verdict?.IsExist || verdict?.IsPreserved
  return (
    <FormDialog
      title={t('personal.createNamespace')}
      form={form}
      verb={t('personal.createNamespace')}
      blocked={isTaken ? t('personal.chooseAnother') : undefined}
      onClose={onClose}
      onDone={() => {
        tell(t('personal.namespaceMade', { name }))
        onClose()
      }}
    >
      <TextField
        name="name"
        label={t('personal.name')}
        help={t('personal.nameHelp')}
        maxLength={30}
        isRequired
        isFinal
        hasFocus
      />
      <p role="status" className={isTaken ? 'field-problem' : 'quiet'}>
        {verdict?.IsPreserved
          ? t('personal.nameReserved', { name })
          : verdict?.IsExist
            ? t('personal.nameTaken', { name })
            : verdict
              ? t('personal.nameFree', { name })
              : ''}
      </p>
    </FormDialog>
  )
}
