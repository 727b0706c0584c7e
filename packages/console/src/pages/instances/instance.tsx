// One instance: what it is, what it holds, where its bytes lie, its jobs, and what was done with it.

import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { EllipsisIcon } from 'tdesign-icons-react'
import { editionWord, InstanceStatus } from '../../frame/instance-words.tsx'
import { type Instance, useInstance, useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Tabs } from '../../patterns/detail.tsx'
import { Menu } from '../../patterns/menu.tsx'
import { type Right, type Rights, useRights } from '../../patterns/rights.ts'
import { Banner, Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { BasicTab } from './basic-tab.tsx'
import { inAdvance } from './billing-term.tsx'
import { canBeChanged, InstanceDialog, type InstanceTask } from './instance-dialog.tsx'
import { InstanceSteps } from './instance-steps.tsx'
import { JobsTab } from './jobs-tab.tsx'
import { OperationsTab } from './operations-tab.tsx'
import { QuotaTab } from './quota-tab.tsx'
import { StorageTab } from './storage-tab.tsx'
import './instances.css'

export interface TabProps {
  readonly instance: Instance
  readonly may: (action: string) => boolean
}

interface TabEntry {
  readonly id: string
  readonly label: WordKey
  readonly content: (props: TabProps) => React.ReactNode
  /** Without it the tab isn't there. */
  readonly needs?: string
}

const tabs: readonly TabEntry[] = [
  { id: 'basic', label: 'instances.tabBasic', content: BasicTab },
  { id: 'quota', label: 'instances.tabQuota', content: QuotaTab },
  {
    id: 'storage',
    label: 'instances.tabStorage',
    content: StorageTab,
    needs: 'tcr:DescribeInstanceStorageMove',
  },
  { id: 'jobs', label: 'frame.jobs', content: JobsTab, needs: 'tcr:DescribeJobs' },
  {
    id: 'operations',
    label: 'instances.tabOperations',
    content: OperationsTab,
    needs: 'cloudaudit:DescribeEvents',
  },
]

/** Everything that a part of the page asks `may` about. */
const asked = [
  'tcr:ModifyInstance',
  'tcr:RenewInstance',
  'tcr:DeleteInstance',
  'tcr:ModifyInstanceAnonymousAccess',
  'tcr:ModifyInstanceStorage',
  'tcr:DescribeInstanceStorageMove',
  'tcr:DescribeUsage',
  'tcr:DescribeJobs',
  'tag:ModifyResourceTags',
]
/** On the account, not on an instance. */
const askedOfAll = ['cloudaudit:DescribeEvents', 'entrepot:ModifyInstanceQuota']

export function InstancePage() {
  const { t } = useWords()
  const id = useInstanceId()
  const { tab = 'basic' } = useParams({ strict: false })
  const { instance, error, isLoading } = useInstance(id)
  const rights = useRights([
    ...asked.map((action): Right => [action, `instance/${id}`]),
    ...askedOfAll.map((action): Right => [action]),
  ])
  const may = (action: string) => mayHere(rights, action, id)
  useTitle(instance?.RegistryName ?? id)
  if (isLoading) return <Skeleton />
  if (error) {
    return (
      <>
        <Breadcrumb
          crumbs={[{ label: t('instances.title'), to: paths.instances() }, { label: id }]}
        />
        <header className="page-head">
          <h1 tabIndex={-1}>{id}</h1>
        </header>
        <Failed error={error} />
      </>
    )
  }
  if (!instance) {
    return (
      <Empty
        title={t('instances.gone')}
        actions={<LinkButton to={paths.instances()}>{t('instances.toAll')}</LinkButton>}
      >
        {t('instances.goneAbout')}
      </Empty>
    )
  }
  const shown = tabs.filter(({ needs }) => needs === undefined || may(needs))
  const current = shown.find((one) => one.id === tab) ?? tabs[0]
  const Content = current?.content
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: t('instances.title'), to: paths.instances() },
          { label: instance.RegistryName },
        ]}
      />
      <DetailHead
        name={instance.RegistryName}
        copy={id}
        state={<InstanceStatus status={instance.Status} />}
        facts={
          <>
            <span>{id}</span>
            <span>{editionWord(instance.RegistryType, t)}</span>
            <span>{instance.RegionName}</span>
          </>
        }
        actions={<Actions instance={instance} may={may} />}
      />
      <StateBanner instance={instance} />
      <Tabs
        label={t('instances.tabs')}
        current={current?.id ?? ''}
        tabs={shown.map((one) => ({
          id: one.id,
          label: t(one.label),
          to: paths.instance(id, one.id),
        }))}
      />
      {Content && <Content instance={instance} may={may} />}
    </>
  )
}

function mayHere(rights: Rights, action: string, id: string): boolean {
  return askedOfAll.includes(action) ? rights.may(action) : rights.may(action, `instance/${id}`)
}

function StateBanner({ instance }: { readonly instance: Instance }) {
  const { t } = useWords()
  if (instance.Status === 'Running') return null
  if (instance.Status === 'Isolate') {
    return <Banner tone="warn">{t('instances.expiredBanner')}</Banner>
  }
  const isFailed = /Failed|Unhealthy|Error/.test(instance.Status)
  return (
    <Banner tone={isFailed ? 'bad' : 'plain'}>
      <p role="status">
        <InstanceStatus status={instance.Status} /> <InstanceSteps instance={instance} />
      </p>
      {instance.Status === 'FailedCreated' && <p>{t('instances.createFailedAbout')}</p>}
    </Banner>
  )
}

function Actions({ instance, may }: TabProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const [kind, setKind] = useState<InstanceTask['kind']>()
  const blocked = canBeChanged(instance) ? undefined : t('instances.notNow')
  const renewWord =
    instance.PayMod === inAdvance ? t('instances.renew') : t('instances.becomePrepaid')
  const entries = [
    ...(may('tcr:RenewInstance')
      ? [{ id: 'renew', label: renewWord, onSelect: () => setKind('renew') }]
      : []),
    ...(may('tag:ModifyResourceTags')
      ? [{ id: 'tags', label: t('instances.editTags'), blocked, onSelect: () => setKind('tags') }]
      : []),
    ...(may('tcr:DeleteInstance')
      ? [
          {
            id: 'delete',
            label: t('instances.delete'),
            isDangerous: true,
            onSelect: () => setKind('delete'),
          },
        ]
      : []),
  ]
  return (
    <>
      <LinkButton theme="primary" to={paths.repositories(instance.RegistryId)}>
        {t('frame.repositories')}
      </LinkButton>
      {may('tcr:ModifyInstance') && (
        <Button blocked={blocked} onClick={() => setKind('edition')}>
          {t('instances.changeEdition')}
        </Button>
      )}
      {entries.length > 0 && (
        <Menu
          label={t('instances.actionsOf', { name: instance.RegistryName })}
          className="button icon-button"
          button={<EllipsisIcon />}
          entries={entries}
        />
      )}
      {kind !== undefined && (
        <InstanceDialog
          kind={kind}
          instance={instance}
          onClose={() => setKind(undefined)}
          onDone={kind === 'delete' ? () => void navigate({ to: paths.instances() }) : undefined}
        />
      )}
    </>
  )
}
