// What was deleted in an instance and can come back, and for how long.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useList, useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { type ListState, useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import { Bytes, Count } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { BinDays } from './bin-days.tsx'
import { causeWord, deletionColumns, imageOf } from './deletion-columns.tsx'
import { EmptyBin } from './empty-bin.tsx'
import { PurgeDeletion, PurgeSeveral } from './purge.tsx'
import { RestoreDeletion, RestoreSeveral } from './restore.tsx'
import './recycle-bin.css'

export type Deletion = Reply<'DescribeDeletions'>['Deletions'][number]

type Bin = Reply<'DescribeRecycleBin'>

export function RecycleBinPage() {
  const { t } = useWords()
  useTitle(t('bin.title'))
  const instance = useInstanceId()
  const state = useListState()
  const rights = useBinRights(instance)
  const { data: bin } = useRead(
    'DescribeRecycleBin',
    { RegistryId: instance },
    { isEnabled: rights.maySee },
  )
  const list = useList('DescribeDeletions', inputOf(instance, state), {
    rows: (reply) => reply.Deletions,
    total: (reply) => reply.TotalCount,
  })
  const [doing, setDoing] = useState<Doing>()
  const named = (keys: readonly string[]) =>
    list.rows.filter(({ DeletionId }) => keys.includes(DeletionId))
  return (
    <ListPage
      title={t('bin.title')}
      about={t('bin.about')}
      help="recycle-bin"
      banner={bin && <BinHead bin={bin} rights={rights} open={setDoing} />}
      list={list}
      state={state}
      searchFor={t('bin.search')}
      filters={filtersOf(t)}
      columns={deletionColumns(instance, t)}
      rowKey={({ DeletionId }) => DeletionId}
      rowActions={{
        label: (deletion) => t('bin.actionsOf', { name: imageOf(deletion) }),
        menu: (deletion) => [
          ...(rights.mayRestore
            ? [
                {
                  id: 'restore',
                  label: t('bin.restore'),
                  onSelect: () => setDoing({ kind: 'restore', deletions: [deletion] }),
                },
              ]
            : []),
          ...(rights.mayPurge
            ? [
                {
                  id: 'purge',
                  label: t('bin.purge'),
                  isDangerous: true,
                  onSelect: () => setDoing({ kind: 'purge', deletions: [deletion] }),
                },
              ]
            : []),
        ],
      }}
      bulk={[
        ...(rights.mayRestore
          ? [
              {
                id: 'restore',
                label: t('bin.restore'),
                run: (keys: readonly string[]) =>
                  setDoing({ kind: 'restore', deletions: named(keys) }),
              },
            ]
          : []),
        ...(rights.mayPurge
          ? [
              {
                id: 'purge',
                label: t('bin.purge'),
                isDangerous: true,
                run: (keys: readonly string[]) =>
                  setDoing({ kind: 'purge', deletions: named(keys) }),
              },
            ]
          : []),
      ]}
      countLabel={(n) => t('bin.count', { n })}
      empty={
        <Empty title={t('bin.none')}>
          {bin && (bin.Days === 0 ? t('bin.keepsNothing') : t('bin.keeps', { n: bin.Days }))}{' '}
          <Link to={paths.repositories(instance)}>{t('bin.toRepositories')}</Link>
        </Empty>
      }
    >
      {doing && (
        <BinDialog
          instance={instance}
          bin={bin}
          doing={doing}
          onClose={() => setDoing(undefined)}
        />
      )}
    </ListPage>
  )
}

type Doing =
  | { readonly kind: 'restore' | 'purge'; readonly deletions: readonly Deletion[] }
  | { readonly kind: 'days' | 'empty' }

interface BinDialogProps {
  readonly instance: string
  readonly bin: Bin | undefined
  readonly doing: Doing
  onClose(): void
}

function BinDialog({ instance, bin, doing, onClose }: BinDialogProps) {
  switch (doing.kind) {
    case 'days':
      return <BinDays instance={instance} days={bin?.Days ?? 0} onClose={onClose} />
    case 'empty':
      return <EmptyBin instance={instance} count={bin?.Count ?? 0} onClose={onClose} />
    case 'restore':
    case 'purge': {
      const { kind, deletions } = doing
      const props = { instance, onClose }
      const [only] = deletions
      if (deletions.length === 1 && only) {
        const One = kind === 'restore' ? RestoreDeletion : PurgeDeletion
        return <One {...props} deletion={only} />
      }
      const Several = kind === 'restore' ? RestoreSeveral : PurgeSeveral
      return <Several {...props} deletions={deletions} />
    }
  }
}

function useBinRights(instance: string) {
  const resource = `instance/${instance}`
  const { may } = useRights([
    ['tcr:DescribeRecycleBin', resource],
    ['tcr:ModifyRecycleBin', resource],
    ['tcr:EmptyRecycleBin', resource],
    ['tcr:RestoreDeletion'],
    ['tcr:PurgeDeletion'],
  ])
  return {
    maySee: may('tcr:DescribeRecycleBin', resource),
    mayModify: may('tcr:ModifyRecycleBin', resource),
    mayEmpty: may('tcr:EmptyRecycleBin', resource),
    mayRestore: may('tcr:RestoreDeletion'),
    mayPurge: may('tcr:PurgeDeletion'),
  }
}

const kinds = ['Tag', 'Manifest', 'Repository'] as const

function inputOf(instance: string, state: ListState) {
  const kind = kinds.find((one) => one === state.filter('kind'))
  return {
    RegistryId: instance,
    Search: state.q,
    Cause: state.filter('cause'),
    ...(kind && { Kinds: [kind] }),
  }
}

function filtersOf(t: Words['t']) {
  return [
    {
      name: 'kind',
      label: t('bin.kind'),
      choices: [
        { value: 'Tag', label: t('bin.kindTag') },
        { value: 'Manifest', label: t('bin.kindManifest') },
        { value: 'Repository', label: t('bin.kindRepository') },
      ],
    },
    {
      name: 'cause',
      label: t('bin.cause'),
      choices: ['user', 'retention', 'system'].map((value) => ({
        value,
        label: causeWord(value, t),
      })),
    },
  ]
}

interface BinHeadProps {
  readonly bin: Bin
  readonly rights: ReturnType<typeof useBinRights>
  open(doing: Doing): void
}

function BinHead({ bin, rights, open }: BinHeadProps) {
  const { t } = useWords()
  return (
    <div className="bin-head">
      <Facts
        facts={[
          {
            label: t('bin.days'),
            value: (
              <span className="row">
                <span>{bin.Days === 0 ? t('bin.noDays') : t('bin.nDays', { n: bin.Days })}</span>
                {rights.mayModify && (
                  <Button theme="text" onClick={() => open({ kind: 'days' })}>
                    {t('bin.edit')}
                  </Button>
                )}
              </span>
            ),
          },
          { label: t('bin.entries'), value: <Count value={bin.Count} /> },
          { label: t('bin.held'), value: <Bytes value={bin.HeldBytes} /> },
        ]}
      />
      {rights.mayEmpty && (
        <Button
          theme="danger-text"
          blocked={bin.Count === 0 ? t('bin.isEmpty') : undefined}
          onClick={() => open({ kind: 'empty' })}
        >
          {t('bin.empty')}
        </Button>
      )}
    </div>
  )
}
