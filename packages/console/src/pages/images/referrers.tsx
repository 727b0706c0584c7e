// What is about an image: signatures, SBOMs, attestations; those pushed for it, and those that its index holds.

import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { useList } from '../../api/use-api.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import { Panel } from '../../patterns/detail.tsx'
import { shortDigest } from '../../patterns/format.ts'
import { PeopleNames } from '../../patterns/people-names.tsx'
import { PlainTable } from '../../patterns/plain-table.tsx'
import { type Column, Rows } from '../../patterns/rows.tsx'
import { Bytes, CopyButton, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty, Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { ByWhom } from '../repositories/by-whom.tsx'
import { inRepository } from '../repositories/repository-input.ts'
import { artifactWord } from './artifact-type.ts'
import type { Manifest } from './image.tsx'
import { platformName } from './platforms.ts'

interface ReferrersProps {
  readonly at: RepositoryAt
  readonly manifest: Manifest
}

type Referrer = Reply<'DescribeReferrers'>['Referrers'][number]

export function Referrers({ at, manifest }: ReferrersProps) {
  const { t } = useWords()
  const list = useList(
    'DescribeReferrers',
    { ...inRepository(at), Digest: manifest.Digest },
    { rows: (reply) => reply.Referrers, total: (reply) => reply.TotalCount },
  )
  const columns: readonly Column<Referrer>[] = [
    {
      id: 'type',
      head: t('images.type'),
      cell: ({ ArtifactType }) => (
        <span title={ArtifactType ?? undefined}>{artifactWord(ArtifactType, t)}</span>
      ),
    },
    {
      id: 'digest',
      head: t('patterns.digest'),
      cell: ({ Digest }) => <DigestLink at={at} digest={Digest} />,
    },
    {
      id: 'size',
      head: t('images.size'),
      isNumber: true,
      cell: ({ Size }) => <Bytes value={Size} />,
    },
    {
      id: 'annotations',
      head: t('images.annotations'),
      isMinor: true,
      cell: ({ Annotations }) => (
        <FreeText text={Annotations.map(({ Key, Value }) => `${Key}=${Value}`).join(', ')} />
      ),
    },
    {
      id: 'pushed',
      head: t('images.pushed'),
      cell: ({ PushTime, PushedBy }) => (
        <div className="two-lines">
          <Time at={PushTime} />
          <ByWhom name={PushedBy} />
        </div>
      ),
    },
  ]
  return (
    <>
      {manifest.SubjectDigest !== null && (
        <p>
          {t('images.isAbout')} <DigestLink at={at} digest={manifest.SubjectDigest} />
        </p>
      )}
      <Panel title={t('images.tabReferrers')}>
        {list.error && <Failed error={list.error} retry={list.refresh} />}
        {list.total === 0 ? (
          <Empty title={t('images.noReferrers')}>{t('images.noReferrersAbout')}</Empty>
        ) : (
          <PeopleNames of={list.rows.map(({ PushedBy }) => PushedBy)}>
            <Rows
              label={t('images.tabReferrers')}
              list={list}
              columns={columns}
              rowKey={({ Digest }) => Digest}
            />
          </PeopleNames>
        )}
      </Panel>
      {manifest.Attestations.length > 0 && <IndexAttestations at={at} manifest={manifest} />}
    </>
  )
}

/** BuildKit puts them into the index, beside the image that they are about. */
function IndexAttestations({ at, manifest }: ReferrersProps) {
  const { t } = useWords()
  const platformOf = (digest: string | null) => {
    const platform = manifest.Platforms.find((one) => one.Digest === digest)
    return platform ? platformName(platform) : '–'
  }
  return (
    <Panel title={t('images.inIndex')}>
      <PlainTable
        caption={t('images.inIndex')}
        heads={[
          { label: t('images.type') },
          { label: t('images.platform') },
          { label: t('patterns.digest') },
          { label: t('images.size'), isNumber: true },
        ]}
      >
        {manifest.Attestations.map((one) => (
          <tr key={one.Digest}>
            <td data-head={t('images.type')}>{artifactWord(one.Type, t)}</td>
            <td data-head={t('images.platform')}>{platformOf(one.SubjectDigest)}</td>
            <td data-head={t('patterns.digest')}>
              {one.IsPresent ? (
                <DigestLink at={at} digest={one.Digest} />
              ) : (
                <code title={one.Digest}>{shortDigest(one.Digest)}</code>
              )}
            </td>
            <td data-head={t('images.size')} className="cell-number">
              <Bytes value={one.Size} />
            </td>
          </tr>
        ))}
      </PlainTable>
    </Panel>
  )
}

function DigestLink({ at, digest }: { readonly at: RepositoryAt; readonly digest: string }) {
  const { t } = useWords()
  return (
    <span className="digest">
      <Link to={paths.digest(at, digest)}>
        <code title={digest}>{shortDigest(digest)}</code>
      </Link>
      <CopyButton text={digest} what={t('patterns.digest')} />
    </span>
  )
}
