// Two images of a repository side by side: which layers they share, what is pulled from one to the other, and how
// environment, labels and settings change.

import { useNavigate, useSearch } from '@tanstack/react-router'
import { SwapIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb, Panel } from '../../patterns/detail.tsx'
import { shortDigest } from '../../patterns/format.ts'
import { PlainTable } from '../../patterns/plain-table.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { useRepositoryCrumbs } from '../repositories/repository.tsx'
import { fullPath, inRepository } from '../repositories/repository-input.ts'
import { ComparedLayers } from './compared-layers.tsx'
import { comparePairs, type Pair, type PairChange } from './comparison.ts'
import { splitEnv } from './environment.ts'
import type { Manifest } from './image.tsx'
import { platformName } from './platforms.ts'
import './images.css'

interface Sides {
  readonly a: string
  readonly b: string
  readonly platform: string
}

export default function ComparePage({ at }: { readonly at: RepositoryAt }) {
  const { t } = useWords()
  useTitle(`${fullPath(at)} · ${t('images.compare')}`)
  const sides = useSides()
  const left = useImage(at, sides.a, sides.platform)
  const right = useImage(at, sides.b, sides.platform)
  const error = left.error ?? right.error
  const crumbs = useRepositoryCrumbs(at).map((crumb, index, all) =>
    index === all.length - 1 ? { ...crumb, to: paths.repository(at) } : crumb,
  )
  return (
    <>
      <Breadcrumb crumbs={[...crumbs, { label: t('images.compare') }]} />
      <h1 tabIndex={-1}>{t('images.compareTitle', { name: fullPath(at) })}</h1>
      <ChooseSides at={at} sides={sides} left={left.data} right={right.data} />
      {error && <Failed error={error} />}
      {(sides.a === '' || sides.b === '') && <Empty title={t('images.chooseTwo')} />}
      {left.data && right.data && <Comparison left={left.data} right={right.data} />}
      {!error && sides.a !== '' && sides.b !== '' && !(left.data && right.data) && <Skeleton />}
    </>
  )
}

/** In the address: a link shows the same two. */
function useSides(): Sides {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const text = (name: string) => {
    const value = search[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  return { a: text('a'), b: text('b'), platform: text('platform') }
}

function useImage(at: RepositoryAt, reference: string, platform: string) {
  return useRead(
    'DescribeManifest',
    { ...inRepository(at), Reference: reference, ...(platform !== '' && { Platform: platform }) },
    { isEnabled: reference !== '' },
  )
}

/** The newest; others come by their rows in the list of tags. */
const offeredTags = 100

interface ChooseSidesProps {
  readonly at: RepositoryAt
  readonly sides: Sides
  readonly left: Manifest | undefined
  readonly right: Manifest | undefined
}

function ChooseSides({ at, sides, left, right }: ChooseSidesProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { data } = useRead('DescribeRepositoryTags', { ...inRepository(at), Limit: offeredTags })
  const tags = (data?.Tags ?? []).map(({ Tag }) => Tag)
  const go = (changed: Partial<Sides>) => {
    const kept = Object.entries({ ...sides, ...changed }).filter(([, value]) => value !== '')
    void navigate({ to: '.', search: () => Object.fromEntries(kept), replace: true })
  }
  const platforms = [
    ...new Set(
      [left, right].flatMap((one) =>
        one?.Kind === 'Index' ? one.Platforms.map(platformName) : [],
      ),
    ),
  ]
  return (
    <div className="compare-sides">
      <Side label={t('images.from')} value={sides.a} tags={tags} choose={(a) => go({ a })} />
      <Button icon={<SwapIcon />} onClick={() => go({ a: sides.b, b: sides.a })}>
        {t('images.swap')}
      </Button>
      <Side label={t('images.to')} value={sides.b} tags={tags} choose={(b) => go({ b })} />
      {platforms.length > 0 && (
        <label className="compare-side">
          <span>{t('images.platform')}</span>
          <select value={sides.platform} onChange={(event) => go({ platform: event.target.value })}>
            <option value="">{t('images.usualPlatform')}</option>
            {platforms.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  )
}

interface SideProps {
  readonly label: string
  readonly value: string
  readonly tags: readonly string[]
  choose(reference: string): void
}

function Side({ label, value, tags, choose }: SideProps) {
  const { t } = useWords()
  const offered = value === '' || tags.includes(value) ? tags : [value, ...tags]
  return (
    <label className="compare-side">
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">{t('images.chooseTag')}</option>
        {offered.map((one) => (
          <option key={one} value={one}>
            {one.includes(':') ? shortDigest(one) : one}
          </option>
        ))}
      </select>
    </label>
  )
}

function Comparison({ left, right }: { readonly left: Manifest; readonly right: Manifest }) {
  const { t } = useWords()
  if (left.Digest === right.Digest) return <Empty title={t('images.sameImage')} />
  const env = (manifest: Manifest): readonly Pair[] =>
    (manifest.Config?.Env ?? []).map(splitEnv).map(({ name, value }) => ({ key: name, value }))
  const labels = (manifest: Manifest): readonly Pair[] =>
    manifest.Labels.map(({ Key, Value }) => ({ key: Key, value: Value }))
  const settings = (manifest: Manifest): readonly Pair[] => {
    const config = manifest.Config
    if (!config) return []
    return [
      { key: t('images.entrypoint'), value: config.Entrypoint.join(' ') },
      { key: t('images.cmd'), value: config.Cmd.join(' ') },
      { key: t('images.user'), value: config.User ?? '' },
      { key: t('images.workingDir'), value: config.WorkingDir ?? '' },
      { key: t('images.ports'), value: config.ExposedPorts.join(' ') },
      { key: t('images.volumes'), value: config.Volumes.join(' ') },
    ]
  }
  return (
    <>
      <ComparedLayers left={left.Layers} right={right.Layers} />
      <Changes title={t('images.environment')} changes={comparePairs(env(left), env(right))} />
      <Changes title={t('images.labels')} changes={comparePairs(labels(left), labels(right))} />
      <Changes
        title={t('images.settings')}
        changes={comparePairs(settings(left), settings(right))}
      />
    </>
  )
}

interface ChangesProps {
  readonly title: string
  readonly changes: readonly PairChange[]
}

function Changes({ title, changes }: ChangesProps) {
  const { t } = useWords()
  if (changes.length === 0) {
    return (
      <Panel title={title}>
        <p className="quiet">{t('images.noChanges')}</p>
      </Panel>
    )
  }
  return (
    <Panel title={title}>
      <PlainTable
        caption={title}
        heads={[
          { label: t('images.change') },
          { label: t('images.key') },
          { label: t('images.from') },
          { label: t('images.to') },
        ]}
        className="compare-table"
      >
        {changes.map((change) => (
          <tr key={change.key} className={`change-${kindOf(change)}`}>
            <td data-head={t('images.change')}>{t(changeWords[kindOf(change)])}</td>
            <td data-head={t('images.key')}>
              <bdi>
                <code>{change.key}</code>
              </bdi>
            </td>
            <td data-head={t('images.from')}>
              <ChangedValue value={change.left} />
            </td>
            <td data-head={t('images.to')}>
              <ChangedValue value={change.right} />
            </td>
          </tr>
        ))}
      </PlainTable>
    </Panel>
  )
}

const changeWords = {
  added: 'images.added',
  removed: 'images.removed',
  changed: 'images.changed',
} as const

function kindOf({ left, right }: PairChange): keyof typeof changeWords {
  if (left === undefined) return 'added'
  return right === undefined ? 'removed' : 'changed'
}

function ChangedValue({ value }: { readonly value: string | undefined }) {
  if (value === undefined) return <span className="quiet">–</span>
  return <bdi className="free-text">{value}</bdi>
}
