// What a repository says of itself: names, addresses, descriptions that are edited in their place.

import { lazy, Suspense } from 'react'
import { useChange } from '../../api/use-api.ts'
import type { RepositoryAt } from '../../paths.ts'
import { type Fact, Facts, Panel } from '../../patterns/detail.tsx'
import { Bytes, CopyButton, Count, FreeText, Time } from '../../patterns/shown.tsx'
import { Skeleton } from '../../patterns/states.tsx'
import { withWords } from '../../words/load-words.ts'
import { useWords } from '../../words/use-words.ts'
import { addressWords } from './commands.tsx'
import { useRegistryAddresses } from './registry-address.ts'
import { AccessChip, type Repository } from './repository-columns.tsx'
import { fullPath, inRepository, useRepositoryRights } from './repository-input.ts'
import { resourcePath } from './repository-path.ts'
import type { RepositoryFigures } from './repository-rows.ts'

const Markdown = lazy(withWords([], () => import('../../patterns/markdown.tsx')))

interface RepositoryAboutProps {
  readonly at: RepositoryAt
  readonly repository: Repository | undefined
  readonly figures: RepositoryFigures | undefined
}

export function RepositoryAbout({ at, repository, figures }: RepositoryAboutProps) {
  const { t } = useWords()
  const addresses = useRegistryAddresses(at.instance)
  const { mayModify } = useRepositoryRights(at)
  const modify = useChange('ModifyRepository')
  if (!repository) return <Skeleton />
  const path = fullPath(at)
  const { BriefDescription: brief, Description: description } = repository
  // Both are sent always: the action has no way to leave one as it is.
  const save = (changed: { readonly brief?: string; readonly description?: string }) =>
    modify.mutateAsync({
      ...inRepository(at),
      BriefDescription: changed.brief ?? brief,
      Description: changed.description ?? description,
    })
  const briefFact: Fact = {
    label: t('repositories.brief'),
    value: <FreeText text={brief} />,
    ...(mayModify && { edit: { text: brief, save: (text) => save({ brief: text }) } }),
  }
  const descriptionFact: Fact = {
    label: t('repositories.description'),
    value:
      description === '' ? (
        <span className="quiet">{t('repositories.noDescription')}</span>
      ) : (
        <Suspense fallback={<FreeText text={description} />}>
          <Markdown text={description} isInner />
        </Suspense>
      ),
    ...(mayModify && {
      edit: {
        text: description,
        isLong: true,
        save: (text) => save({ description: text }),
      },
    }),
  }
  return (
    <>
      <Panel title={t('repositories.tabInfo')}>
        <Facts
          facts={[
            { label: t('repositories.fullName'), value: <Copied text={path} /> },
            ...addresses.map((address) => ({
              label: t(addressWords[address.kind]),
              value: <Copied text={`${address.host}/${path}`} />,
            })),
            {
              label: t('repositories.resourcePath'),
              value: <Copied text={resourcePath(at.instance, path)} />,
            },
            {
              label: t('repositories.access'),
              value: <AccessChip isPublic={repository.Public} t={t} />,
            },
            { label: t('repositories.created'), value: <Time at={repository.CreationTime} /> },
            { label: t('repositories.updated'), value: <Time at={repository.UpdateTime} /> },
            {
              label: t('repositories.lastPushed'),
              value: <Time at={figures?.LastPushTime} none={t('repositories.never')} />,
            },
            {
              label: t('repositories.lastPulled'),
              value: <Time at={figures?.LastPullTime} none={t('repositories.never')} />,
            },
            { label: t('repositories.pulls'), value: <Count value={figures?.PullCount} /> },
            { label: t('repositories.manifests'), value: <Count value={figures?.ManifestCount} /> },
            { label: t('repositories.size'), value: <Bytes value={figures?.StoredBytes} /> },
          ]}
        />
      </Panel>
      <Panel title={t('repositories.descriptions')}>
        <div className="descriptions">
          <Facts facts={[briefFact, descriptionFact]} />
        </div>
      </Panel>
    </>
  )
}

function Copied({ text }: { readonly text: string }) {
  return (
    <>
      <code>{text}</code>
      <CopyButton text={text} what={text} />
    </>
  )
}
