// What Chart.yaml says, as fields and as it was written; what the chart needs; whose word it is.

import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { type ChartAt, paths } from '../../paths.ts'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { PlainTable } from '../../patterns/plain-table.tsx'
import { Chip, CopyButton, Digest, FreeText } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'

import { Code } from './code.tsx'
import { chartFile } from './file-tree.ts'
import { ProvenancePanel } from './provenance-panel.tsx'
import type { ChartContent } from './version.tsx'

interface InfoTabProps {
  readonly at: ChartAt
  readonly content: ChartContent
}

export function InfoTab({ at, content }: InfoTabProps) {
  const { t } = useWords()
  const { Version: version } = content
  return (
    <>
      <Panel title={t('charts.tabInfo')}>
        <Facts
          facts={[
            { label: t('charts.description'), value: <FreeText text={version.Description} /> },
            {
              label: t('charts.type'),
              value: t(version.Type === 'library' ? 'charts.library' : 'charts.application'),
            },
            { label: t('charts.apiVersion'), value: content.ApiVersion },
            { label: t('charts.kubeVersion'), value: <FreeText text={content.KubeVersion} /> },
            { label: t('charts.home'), value: <Outward url={content.Home} /> },
            {
              label: t('charts.sources'),
              value: <List items={content.Sources.map((url) => <Outward key={url} url={url} />)} />,
            },
            {
              label: t('charts.keywords'),
              value: (
                <List items={content.Keywords.map((word) => <Chip key={word}>{word}</Chip>)} />
              ),
            },
            {
              label: t('charts.maintainers'),
              value: (
                <List
                  items={content.Maintainers.map((one) => <Maintainer key={one.Name} {...one} />)}
                />
              ),
            },
            { label: t('charts.tag'), value: <TagLink at={at} tag={version.Tag} /> },
            { label: t('charts.manifestDigest'), value: <Digest value={version.ManifestDigest} /> },
            { label: t('charts.packageDigest'), value: <Digest value={version.PackageDigest} /> },
            { label: t('charts.pushedBy'), value: <bdi>{version.PushedBy}</bdi> },
          ]}
        />
      </Panel>
      <Dependencies content={content} />
      <Panel title={chartFile}>
        <Code text={content.ChartYaml} name={chartFile} />
      </Panel>
      <ProvenancePanel content={content} />
    </>
  )
}

function List({ items }: { readonly items: readonly ReactElement[] }) {
  if (items.length === 0) return <span className="quiet">–</span>
  return <span className="chart-list">{items}</span>
}

/** Where links may go: never a script. */
function Outward({ url }: { readonly url: string | null }) {
  if (url === null || !/^https?:\/\//i.test(url)) return <FreeText text={url} />
  return (
    <a href={url} rel="noopener noreferrer" target="_blank">
      {url}
    </a>
  )
}

function Maintainer({ Name, Email, Url }: ChartContent['Maintainers'][number]) {
  return (
    <span>
      {Url !== null && /^https?:\/\//i.test(Url) ? (
        <a href={Url} rel="noopener noreferrer" target="_blank">
          {Name}
        </a>
      ) : (
        <bdi>{Name}</bdi>
      )}
      {Email && <span className="quiet"> {Email}</span>}
    </span>
  )
}

/** The same as OCI clients see it. */
function TagLink({ at, tag }: { readonly at: ChartAt; readonly tag: string }) {
  const place = { instance: at.instance, namespace: at.namespace, path: at.chart }
  return (
    <>
      <Link to={paths.image(place, tag, 'manifest')}>{tag}</Link>
      <CopyButton text={tag} what={tag} />
    </>
  )
}

function Dependencies({ content }: { readonly content: ChartContent }) {
  const { t } = useWords()
  const { Dependencies: dependencies } = content
  const heads = [
    'charts.name',
    'charts.version',
    'charts.repository',
    'charts.condition',
    'charts.packed',
  ] as const
  return (
    <Panel title={t('charts.dependencies')}>
      {dependencies.length === 0 ? (
        <p>{t('charts.noDependencies')}</p>
      ) : (
        <PlainTable
          caption={t('charts.dependencies')}
          heads={heads.map((head) => ({ label: t(head) }))}
        >
          {dependencies.map((one) => (
            <tr key={`${one.Name} ${one.Alias}`}>
              <td data-head={t('charts.name')}>
                <bdi>{one.Name}</bdi>
                {one.Alias && <span className="quiet"> ({one.Alias})</span>}
              </td>
              <td data-head={t('charts.version')}>
                <code>{one.Version || '–'}</code>
              </td>
              <td data-head={t('charts.repository')}>
                <FreeText text={one.Repository} />
              </td>
              <td data-head={t('charts.condition')}>
                <FreeText text={[one.Condition, ...one.Tags].filter(Boolean).join(', ')} />
              </td>
              <td data-head={t('charts.packed')}>
                {t(one.IsPacked ? 'charts.isPacked' : 'charts.notPacked')}
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
    </Panel>
  )
}
