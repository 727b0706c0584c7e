// What takes the space of an instance: its repositories by size, drawn and as a table.

import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { formatPercent } from '../../patterns/format.ts'
import { Bytes, Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { withWords } from '../../words/load-words.ts'
import { useWords } from '../../words/use-words.ts'

const Treemap = lazy(withWords(['usage'], () => import('./treemap.tsx')))

interface SpaceProps {
  /** Empty: there is none. */
  readonly instance: string
  readonly names: ReadonlyMap<string, string>
}

export type SpaceUsage = Reply<'DescribeSpaceUsage'>

export function Space({ instance, names }: SpaceProps) {
  const { t } = useWords()
  const [namespace, setNamespace] = useState('')
  const { data, error, isPending } = useRead(
    'DescribeSpaceUsage',
    { RegistryId: instance, ...(namespace !== '' && { NamespaceName: namespace }) },
    { isEnabled: instance !== '', keepsPrevious: true },
  )
  // All namespaces stay there to choose from.
  const { data: whole } = useRead(
    'DescribeSpaceUsage',
    { RegistryId: instance },
    { isEnabled: instance !== '' },
  )
  if (instance === '') return null
  const chooser = (
    <select
      aria-label={t('usage.namespace')}
      value={namespace}
      onChange={(event) => setNamespace(event.target.value)}
    >
      <option value="">{t('usage.allNamespaces')}</option>
      {(whole?.Namespaces ?? []).map(({ NamespaceName }) => (
        <option key={NamespaceName} value={NamespaceName}>
          {NamespaceName}
        </option>
      ))}
    </select>
  )
  return (
    <Panel title={t('usage.spaceOf', { name: names.get(instance) ?? instance })} actions={chooser}>
      {error ? (
        <Failed error={error} />
      ) : isPending || !data ? (
        <Skeleton />
      ) : data.Repositories.length === 0 ? (
        <p className="quiet">{t('usage.empty')}</p>
      ) : (
        <SpaceUsed instance={instance} space={data} />
      )}
    </Panel>
  )
}

/** So many lines of the table before all of them are asked for. */
const firstLines = 10

function SpaceUsed({ instance, space }: { readonly instance: string; readonly space: SpaceUsage }) {
  const { t, locale } = useWords()
  const [isWhole, setWhole] = useState(false)
  const { StoredBytes: total, Repositories: repositories } = space
  const shown = isWhole ? repositories : repositories.slice(0, firstLines)
  return (
    <>
      <p className="quiet">
        {t('usage.storedNow')} <Bytes value={total} /> · {t('usage.shared')} ·{' '}
        {t('usage.countedAt')} <Time at={space.CountTime} />
      </p>
      <Suspense fallback={<Skeleton />}>
        <Treemap instance={instance} space={space} />
      </Suspense>
      <div className="usage-wide">
        <table className="plain-table">
          <caption className="spoken">{t('usage.space')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('usage.repository')}</th>
              <th scope="col" className="cell-number">
                {t('usage.size')}
              </th>
              <th scope="col" className="cell-number">
                {t('usage.share')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ NamespaceName: namespace, RepositoryName: path, StoredBytes: bytes }) => (
              <tr key={`${namespace}/${path}`}>
                <th scope="row" className="usage-name">
                  <Link to={paths.repository({ instance, namespace, path })}>
                    {`${namespace}/${path}`}
                  </Link>
                </th>
                <td className="cell-number">
                  <Bytes value={bytes} />
                </td>
                <td className="cell-number">
                  {formatPercent(total === 0 ? 0 : bytes / total, locale)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        {repositories.length > firstLines && (
          <Button theme="text" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? t('usage.fewer') : t('usage.showAll', { n: repositories.length })}
          </Button>
        )}
        {space.RepositoryCount > repositories.length && (
          <span className="quiet">
            {t('usage.largest', { n: repositories.length, of: space.RepositoryCount })}
          </span>
        )}
      </div>
    </>
  )
}
