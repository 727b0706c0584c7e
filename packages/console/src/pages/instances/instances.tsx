// All instances of the account, over all regions, and the Personal Edition of each region below them.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import { editionWord, InstanceStatus, instanceStates } from '../../frame/instance-words.tsx'
import type { Instance } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { formatBytes } from '../../patterns/format.ts'
import { type Filter, ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { MenuEntry } from '../../patterns/menu.tsx'
import { type Right, useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Chip, CopyButton, Meter, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { BillingTerm } from './billing-term.tsx'
import { canBeChanged, InstanceDialog, type InstanceTask } from './instance-dialog.tsx'
import { InstanceSteps } from './instance-steps.tsx'
import { PersonalEditions } from './personal-editions.tsx'
import { TagInstances } from './tag-instances.tsx'
import { type InstanceStatistics, tagTexts, useInstances } from './use-instances.ts'
import './instances.css'

export function InstancesPage() {
  const { t } = useWords()
  useTitle(t('instances.title'))
  const state = useListState()
  const { list, all, statistics } = useInstances(state)
  const [task, setTask] = useState<InstanceTask>()
  const [tagging, setTagging] = useState<readonly Instance[]>()
  const { may } = useRights([['tcr:CreateInstance'], ...all.flatMap(rightsOn)])
  const create = may('tcr:CreateInstance') && (
    <LinkButton theme="primary" icon={<AddIcon />} to={paths.newInstance()}>
      {t('instances.create')}
    </LinkButton>
  )
  return (
    <ListPage
      title={t('instances.title')}
      about={t('instances.about')}
      help="instances"
      actions={create}
      list={list}
      state={state}
      searchFor={t('instances.search')}
      filters={filtersOf(all, t)}
      columns={columnsOf(statistics, all, t)}
      rowKey={({ RegistryId }) => RegistryId}
      rowActions={{
        label: ({ RegistryName }) => t('instances.actionsOf', { name: RegistryName }),
        menu: (row) => menuOf(row, may, setTask, t),
      }}
      bulk={
        all.some(({ RegistryId }) => may('tag:ModifyResourceTags', `instance/${RegistryId}`))
          ? [
              {
                id: 'tags',
                label: t('instances.editTags'),
                run: (ids) => setTagging(all.filter((one) => ids.includes(one.RegistryId))),
              },
            ]
          : []
      }
      countLabel={(n) => t('instances.count', { n })}
      empty={
        <Empty title={t('instances.none')} actions={create}>
          {t(may('tcr:CreateInstance') ? 'instances.noneAbout' : 'instances.noneToAsk')}
        </Empty>
      }
    >
      <PersonalEditions />
      {tagging && <TagInstances instances={tagging} onClose={() => setTagging(undefined)} />}
      {task && <InstanceDialog {...task} onClose={() => setTask(undefined)} />}
    </ListPage>
  )
}

/** What a row's menu offers. */
const rowRights = [
  'tcr:ModifyInstance',
  'tcr:RenewInstance',
  'tag:ModifyResourceTags',
  'tcr:DeleteInstance',
]

function rightsOn({ RegistryId }: Instance): readonly Right[] {
  return rowRights.map((action) => [action, `instance/${RegistryId}`] as const)
}

function filtersOf(all: readonly Instance[], t: Words['t']): readonly Filter[] {
  const unique = (values: readonly string[]) => [...new Set(values)].toSorted()
  const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }))
  const regions = regionsOf(all)
  const tags = unique(all.flatMap(tagTexts))
  return [
    ...(regions.length > 1
      ? [{ name: 'region', label: t('instances.region'), choices: plain(regions) }]
      : []),
    {
      name: 'edition',
      label: t('instances.edition'),
      choices: ['basic', 'standard', 'premium'].map((value) => ({
        value,
        label: editionWord(value, t),
      })),
    },
    {
      name: 'state',
      label: t('instances.status'),
      choices: instanceStates.map(([value, key]) => ({ value, label: t(key) })),
    },
    ...(tags.length > 0 ? [{ name: 'tag', label: t('instances.tags'), choices: plain(tags) }] : []),
  ]
}

function columnsOf(
  statistics: ReadonlyMap<string, InstanceStatistics>,
  all: readonly Instance[],
  t: Words['t'],
): readonly Column<Instance>[] {
  return [
    {
      id: 'name',
      head: t('instances.nameAndId'),
      sort: 'name',
      cell: ({ RegistryName, RegistryId }) => (
        <span className="two-lines">
          <Link to={paths.instance(RegistryId)}>{RegistryName}</Link>
          <small className="quiet">{RegistryId}</small>
        </span>
      ),
    },
    { id: 'status', head: t('instances.status'), cell: (row) => <StatusCell row={row} /> },
    {
      id: 'edition',
      head: t('instances.edition'),
      cell: ({ RegistryType }) => editionWord(RegistryType, t),
    },
    ...(regionsOf(all).length > 1 ? [regionColumn(t)] : []),
    {
      id: 'domain',
      head: t('instances.domain'),
      cell: ({ PublicDomain }) =>
        PublicDomain === '' ? (
          <span className="quiet">–</span>
        ) : (
          <span className="with-copy">
            <bdi>{PublicDomain}</bdi>
            <CopyButton text={PublicDomain} what={PublicDomain} />
          </span>
        ),
    },
    {
      id: 'billing',
      head: t('instances.billing'),
      isMinor: true,
      cell: (row) => <BillingTerm instance={row} />,
    },
    {
      id: 'used',
      head: t('instances.used'),
      isNumber: true,
      cell: (row) => <UsedCell statistics={statistics.get(row.RegistryId)} />,
    },
    ...(all.some(hasTags) ? [tagColumn(t)] : []),
    {
      id: 'created',
      head: t('instances.created'),
      sort: 'created',
      isDownFirst: true,
      isMinor: true,
      cell: ({ CreatedAt }) => <Time at={CreatedAt} />,
    },
  ]
}

function regionsOf(all: readonly Instance[]): readonly string[] {
  return [...new Set(all.map(({ RegionName }) => RegionName))].toSorted()
}

function regionColumn(t: Words['t']): Column<Instance> {
  return {
    id: 'region',
    head: t('instances.region'),
    isMinor: true,
    cell: ({ RegionName }) => RegionName,
  }
}

function hasTags(row: Instance): boolean {
  return tagTexts(row).length > 0
}

function tagColumn(t: Words['t']): Column<Instance> {
  return {
    id: 'tags',
    head: t('instances.tags'),
    isMinor: true,
    cell: (row) => (
      <span className="tag-chips">
        {tagTexts(row).map((text) => (
          <Chip key={text}>
            <bdi>{text}</bdi>
          </Chip>
        ))}
      </span>
    ),
  }
}

function StatusCell({ row }: { readonly row: Instance }) {
  return (
    <span className="two-lines">
      <InstanceStatus status={row.Status} />
      <InstanceSteps instance={row} />
    </span>
  )
}

function UsedCell({ statistics }: { readonly statistics: InstanceStatistics | undefined }) {
  const { t, locale } = useWords()
  if (!statistics?.LimitBytes) return <Bytes value={statistics?.StoredBytes} />
  return (
    <Meter
      used={statistics.StoredBytes}
      limit={statistics.LimitBytes}
      label={t('instances.used')}
      show={(value) => formatBytes(value, locale)}
    />
  )
}

function menuOf(
  row: Instance,
  may: (action: string, resource: string) => boolean,
  open: (task: InstanceTask) => void,
  t: Words['t'],
): readonly MenuEntry[] {
  const resource = `instance/${row.RegistryId}`
  const blocked = canBeChanged(row) ? undefined : t('instances.notNow')
  const entry = (kind: InstanceTask['kind'], label: string, action: string, why = blocked) =>
    may(action, resource)
      ? [{ id: kind, label, blocked: why, onSelect: () => open({ kind, instance: row }) }]
      : []
  return [
    { id: 'open', label: t('instances.details'), to: paths.instance(row.RegistryId) },
    {
      id: 'repositories',
      label: t('frame.repositories'),
      to: paths.repositories(row.RegistryId),
    },
    {
      id: 'login',
      label: t('instances.temporaryLogin'),
      blocked,
      onSelect: () => open({ kind: 'login', instance: row }),
    },
    ...entry('edition', t('instances.changeEdition'), 'tcr:ModifyInstance'),
    ...entry('renew', t('instances.renew'), 'tcr:RenewInstance', undefined),
    ...entry('tags', t('instances.editTags'), 'tag:ModifyResourceTags'),
    ...entry('delete', t('instances.delete'), 'tcr:DeleteInstance', undefined).map((one) => ({
      ...one,
      isDangerous: true,
    })),
  ]
}
