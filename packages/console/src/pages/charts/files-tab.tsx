// The files of a package: a tree, and the one that was chosen. Which one stands in the address.

import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRead } from '../../api/use-api.ts'
import { type ChartAt, paths } from '../../paths.ts'
import { formatBytes } from '../../patterns/format.ts'
import { Bytes } from '../../patterns/shown.tsx'
import { Banner, Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { inChart } from './chart-input.ts'
import { Code } from './code.tsx'
import { firstShown, groupFiles } from './file-tree.ts'
import type { ChartContent } from './version.tsx'

interface FilesTabProps {
  readonly at: ChartAt
  readonly content: ChartContent
}

export function FilesTab({ at, content }: FilesTabProps) {
  const { t } = useWords()
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const { Files: files, Version: row } = content
  const asked = typeof search.file === 'string' ? search.file : undefined
  const chosen = files.find(({ Path }) => Path === asked) ?? firstShown(files)
  const to = paths.chartVersion(at, row.Version, 'files')
  if (!chosen) return <Empty title={t('charts.noFiles')} />
  return (
    <div className="chart-files">
      <FileSelect files={files} chosen={chosen.Path} to={to} />
      <nav aria-label={t('charts.files')} className="chart-tree">
        {groupFiles(files).map(({ folder, files: inFolder }) => (
          <section key={folder} aria-label={folder === '' ? at.chart : folder}>
            <p className="chart-folder">{folder === '' ? at.chart : folder}/</p>
            <ul>
              {inFolder.map(({ Path, name }) => (
                <li key={Path}>
                  <Link
                    to={to}
                    search={() => ({ file: Path })}
                    resetScroll={false}
                    aria-current={Path === chosen.Path ? 'page' : undefined}
                  >
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <FileContent at={at} version={row.Version} path={chosen.Path} sizeBytes={chosen.Size} />
    </div>
  )
}

interface FileSelectProps {
  readonly files: ChartContent['Files']
  readonly chosen: string
  readonly to: string
}

/** Instead of the tree, where that has no room. */
function FileSelect({ files, chosen, to }: FileSelectProps) {
  const { t, locale } = useWords()
  const navigate = useNavigate()
  return (
    <select
      className="chart-file-select"
      aria-label={t('charts.file')}
      value={chosen}
      onChange={(event) =>
        void navigate({ to, search: () => ({ file: event.target.value }), resetScroll: false })
      }
    >
      {files.map(({ Path, Size }) => (
        <option key={Path} value={Path}>
          {`${Path} · ${formatBytes(Size, locale)}`}
        </option>
      ))}
    </select>
  )
}

interface FileContentProps {
  readonly at: ChartAt
  readonly version: string
  readonly path: string
  readonly sizeBytes: number
}

function FileContent({ at, version, path, sizeBytes }: FileContentProps) {
  const { t } = useWords()
  const { data, error } = useRead('DescribeHelmChartFile', {
    ...inChart(at),
    Version: version,
    Path: path,
  })
  return (
    <section className="chart-file" aria-label={path}>
      <header className="chart-file-head">
        <h2>{path}</h2>
        <Bytes value={sizeBytes} />
      </header>
      {error && <Failed error={error} />}
      {!data && !error && <Skeleton lines={8} />}
      {data?.IsCut && <Banner tone="warn">{t('charts.fileCut')}</Banner>}
      {data &&
        (data.Content === null ? (
          <Empty title={t('charts.noText')} />
        ) : (
          <Code text={data.Content} name={path} />
        ))}
    </section>
  )
}
