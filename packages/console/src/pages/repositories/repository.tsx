// One repository: its tags, what it says of itself, the commands for it, what was done with it.

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { paths, type RepositoryAt, type RepositoryTab } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Panel, Tabs } from '../../patterns/detail.tsx'
import { formatBytes, formatNumber } from '../../patterns/format.ts'
import { Empty, Failed } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { QuickCommands, RepositoryCommands } from './commands.tsx'
import { DeleteRepository } from './delete-repositories.tsx'
import { useRegistryAddresses } from './registry-address.ts'
import { RepositoryAbout } from './repository-about.tsx'
import { AccessChip, type Repository } from './repository-columns.tsx'
import { RepositoryHistory } from './repository-history.tsx'
import { fullPath, inRepository, useRepositoryRights } from './repository-input.ts'
import type { RepositoryFigures } from './repository-rows.ts'
import { TagList } from './tag-list.tsx'
import './repositories.css'

interface RepositoryPageProps {
  readonly at: RepositoryAt
  readonly tab: RepositoryTab
}

const tabWords = {
  tags: 'repositories.tabTags',
  info: 'repositories.tabInfo',
  commands: 'repositories.tabCommands',
  history: 'repositories.tabHistory',
} as const
const tabs: readonly RepositoryTab[] = ['tags', 'info', 'commands', 'history']

export function RepositoryPage({ at, tab }: RepositoryPageProps) {
  const { t } = useWords()
  const path = fullPath(at)
  useTitle(`${path} · ${t(tabWords[tab])}`)
  const { repository, figures, error, isMissing } = useRepository(at)
  const crumbs = useRepositoryCrumbs(at)
  const { mayAudit } = useRepositoryRights(at)
  if (error || isMissing) {
    return (
      <>
        <Breadcrumb crumbs={crumbs} />
        <h1 className="spoken">{path}</h1>
        {error ? <Failed error={error} /> : <Missing at={at} />}
      </>
    )
  }
  return (
    <>
      <Breadcrumb crumbs={crumbs} />
      <RepositoryHead at={at} repository={repository} figures={figures} />
      <Tabs
        label={t('repositories.tabs')}
        current={tab}
        tabs={tabs
          .filter((id) => id !== 'history' || id === tab || mayAudit)
          .map((id) => ({
            id,
            label: t(tabWords[id]),
            to: paths.repository(at, id),
            ...(id === 'tags' && { count: figures?.TagCount }),
          }))}
      />
      {tab === 'tags' && <TagList at={at} />}
      {tab === 'info' && <RepositoryAbout at={at} repository={repository} figures={figures} />}
      {tab === 'commands' && (
        <Panel title={t('repositories.quickCommands')}>
          <RepositoryCommands instance={at.instance} path={path} />
        </Panel>
      )}
      {tab === 'history' && <RepositoryHistory at={at} />}
    </>
  )
}

/** Names that contain this one may come before it; so many at most are looked through. */
const maxLookedAt = 100

function useRepository(at: RepositoryAt) {
  const path = fullPath(at)
  const { data, error } = useRead('DescribeRepositories', {
    RegistryId: at.instance,
    NamespaceName: at.namespace,
    RepositoryName: path,
    Limit: maxLookedAt,
  })
  const { data: statistics, error: missing } = useRead(
    'DescribeRepositoryStatistics',
    inRepository(at),
  )
  return {
    repository: data?.RepositoryList?.find(({ Name }) => Name === path),
    figures: statistics?.Statistics[0],
    error: error ?? missing,
    isMissing: statistics !== undefined && statistics.Statistics.length === 0,
  }
}

function Missing({ at }: { readonly at: RepositoryAt }) {
  const { t } = useWords()
  return (
    <Empty
      title={t('patterns.missing')}
      actions={
        <LinkButton to={paths.repositories(at.instance)}>{t('repositories.toList')}</LinkButton>
      }
    >
      {fullPath(at)}
    </Empty>
  )
}

export function useRepositoryCrumbs(at: RepositoryAt) {
  const { t } = useWords()
  const { instance } = useInstance(at.instance)
  return [
    { label: instance?.RegistryName ?? at.instance, to: paths.instance(at.instance) },
    { label: t('repositories.title'), to: paths.repositories(at.instance) },
    { label: at.namespace, to: paths.namespace(at.instance, at.namespace, 'repositories') },
    { label: at.path },
  ]
}

interface RepositoryHeadProps {
  readonly at: RepositoryAt
  readonly repository: Repository | undefined
  readonly figures: RepositoryFigures | undefined
}

function RepositoryHead({ at, repository, figures }: RepositoryHeadProps) {
  const { t, locale } = useWords()
  const navigate = useNavigate()
  const [opened, setOpened] = useState<'commands' | 'delete'>()
  const { mayDelete } = useRepositoryRights(at)
  const path = fullPath(at)
  const host = useRegistryAddresses(at.instance)[0]?.host
  const close = () => setOpened(undefined)
  return (
    <>
      <DetailHead
        name={path}
        copy={host === undefined ? path : `${host}/${path}`}
        state={repository && <AccessChip isPublic={repository.Public} t={t} />}
        facts={
          figures && (
            <>
              <span>{t('repositories.tagCount', { n: figures.TagCount })}</span>
              <span>
                {t('repositories.compressed', { size: formatBytes(figures.StoredBytes, locale) })}
              </span>
              <span>
                {t('repositories.pulledTimes', { n: formatNumber(figures.PullCount, locale) })}
              </span>
            </>
          )
        }
        actions={
          <>
            <Button onClick={() => setOpened('commands')}>{t('repositories.quickCommands')}</Button>
            {mayDelete && (
              <Button theme="danger-text" onClick={() => setOpened('delete')}>
                {t('repositories.delete')}
              </Button>
            )}
          </>
        }
      />
      {opened === 'commands' && (
        <QuickCommands instance={at.instance} path={path} onClose={close} />
      )}
      {opened === 'delete' && (
        <DeleteRepository
          instance={at.instance}
          path={path}
          onClose={close}
          onDone={() => void navigate({ to: paths.repositories(at.instance) })}
        />
      )}
    </>
  )
}
