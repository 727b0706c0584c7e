// One image, or another artifact, by a tag or by its digest: its platforms, layers, config, history, referrers and
// manifest.

import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import { Breadcrumb, Panel, Tabs } from '../../patterns/detail.tsx'
import { formatBytes, shortDigest } from '../../patterns/format.ts'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { useRepositoryCrumbs } from '../repositories/repository.tsx'
import { fullPath, inRepository } from '../repositories/repository-input.ts'
import { BuildHistory } from './build-history.tsx'
import { ConfigTab } from './config.tsx'
import { ImageHead } from './image-head.tsx'
import { LabelsTab } from './labels.tsx'
import { Layers } from './layers.tsx'
import { ManifestTab } from './manifest.tsx'
import { platformName } from './platforms.ts'
import { Referrers } from './referrers.tsx'
import './images.css'

export type Manifest = Reply<'DescribeManifest'>

const tabWords = {
  layers: 'images.tabLayers',
  config: 'images.tabConfig',
  labels: 'images.tabLabels',
  history: 'images.tabHistory',
  referrers: 'images.tabReferrers',
  manifest: 'images.tabManifest',
} as const
type ImageTab = keyof typeof tabWords
const tabs = Object.keys(tabWords) as ImageTab[]

interface ImagePageProps {
  readonly at: RepositoryAt
  /** Tag or digest. */
  readonly reference: string
  readonly isTag: boolean
  readonly tab: string
}

export default function ImagePage({ at, reference, isTag, tab: asked }: ImagePageProps) {
  const { t } = useWords()
  const search: { readonly platform?: unknown } = useSearch({ strict: false })
  const platform = typeof search.platform === 'string' ? search.platform : ''
  const tab = tabs.find((one) => one === asked) ?? 'layers'
  const shown = isTag ? reference : shortDigest(reference)
  useTitle(`${fullPath(at)} ${shown} · ${t(tabWords[tab])}`)
  const { data, error, isPlaceholderData, refetch } = useRead(
    'DescribeManifest',
    { ...inRepository(at), Reference: reference, ...(platform !== '' && { Platform: platform }) },
    { keepsPrevious: true },
  )
  const crumbs = [
    ...useRepositoryCrumbs(at).map((crumb, index, all) =>
      index === all.length - 1 ? { ...crumb, to: paths.repository(at) } : crumb,
    ),
    { label: shown },
  ]
  if (error || !data) {
    return (
      <>
        <Breadcrumb crumbs={crumbs} />
        <h1 className="spoken">{`${fullPath(at)} ${shown}`}</h1>
        {error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton lines={8} />}
      </>
    )
  }
  const to = (id: ImageTab) =>
    isTag ? paths.image(at, reference, id) : paths.digest(at, reference, id)
  return (
    <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'is-old' : ''}>
      <Breadcrumb crumbs={crumbs} />
      <ImageHead at={at} tag={isTag ? reference : undefined} manifest={data} />
      <PlatformSwitch manifest={data} />
      <ImageTabs current={tab} manifest={data} platform={platform} to={to} />
      <Content tab={tab} at={at} reference={reference} manifest={data} />
    </div>
  )
}

interface ImageTabsProps {
  readonly current: ImageTab
  readonly manifest: Manifest
  /** Empty: none was chosen. */
  readonly platform: string
  to(tab: ImageTab): string
}

/** An artifact that is no image has no steps and no labels. */
function ImageTabs({ current, manifest, platform, to }: ImageTabsProps) {
  const { t } = useWords()
  const counts: { readonly [tab in ImageTab]?: number } = {
    layers: manifest.Layers.filter(({ Digest }) => Digest !== null).length,
    labels: manifest.Labels.length + manifest.Annotations.length,
    referrers: manifest.ReferrerCount + manifest.Attestations.length,
  }
  return (
    <Tabs
      label={t('images.tabs')}
      current={current}
      tabs={tabs.map((id) => ({
        id,
        label: t(tabWords[id]),
        to: to(id),
        count: counts[id],
        ...(platform !== '' && { search: { platform } }),
      }))}
    />
  )
}

interface ContentProps {
  readonly tab: ImageTab
  readonly at: RepositoryAt
  readonly reference: string
  readonly manifest: Manifest
}

function Content({ tab, at, reference, manifest }: ContentProps) {
  const { t } = useWords()
  switch (tab) {
    case 'layers':
      return (
        <Panel title={t('images.tabLayers')}>
          <Layers steps={manifest.Layers} />
        </Panel>
      )
    case 'config':
      return <ConfigTab manifest={manifest} />
    case 'labels':
      return <LabelsTab manifest={manifest} />
    case 'history':
      return <BuildHistory steps={manifest.Layers} />
    case 'referrers':
      return <Referrers at={at} manifest={manifest} />
    case 'manifest':
      return <ManifestTab at={at} reference={reference} text={manifest.Manifest} />
  }
}

/** Which image of an index is shown; in the address, so that a link shows the same. */
function PlatformSwitch({ manifest }: { readonly manifest: Manifest }) {
  const { t, locale } = useWords()
  const navigate = useNavigate()
  const { Platforms: platforms, ImageDigest: chosen } = manifest
  if (manifest.Kind !== 'Index' || platforms.length === 0) return null
  return (
    <fieldset className="platform-switch">
      <legend className="spoken">{t('images.platform')}</legend>
      <div className="segments">
        {platforms.map((one) => {
          const name = platformName(one)
          return (
            <label key={one.Digest} className="segment">
              <input
                type="radio"
                name="platform"
                checked={one.Digest === chosen}
                disabled={!one.IsPresent}
                onChange={() =>
                  void navigate({
                    to: '.',
                    search: () => ({ platform: name }),
                    replace: true,
                    resetScroll: false,
                  })
                }
              />
              <span>
                {name}{' '}
                <small>
                  {one.IsPresent ? formatBytes(one.Size, locale) : t('images.notPushed')}
                </small>
              </span>
            </label>
          )
        })}
      </div>
      {platforms.length > 1 && chosen === null && (
        <p className="quiet">{t('images.noSuchPlatform')}</p>
      )}
    </fieldset>
  )
}
