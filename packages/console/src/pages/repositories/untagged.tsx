// Manifests that no tag, no index and no subject names: they can be pulled by digest until they are deleted.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useList } from '../../api/use-api.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import { Panel } from '../../patterns/detail.tsx'
import { shortDigest } from '../../patterns/format.ts'
import { PeopleNames } from '../../patterns/people-names.tsx'
import { type Column, Rows } from '../../patterns/rows.tsx'
import { Bytes, CopyButton, FreeText, Time } from '../../patterns/shown.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { artifactTypeWord } from '../images/artifact-type.ts'
import { DeleteDigest } from '../images/delete-digest.tsx'
import { ByWhom } from './by-whom.tsx'
import { CopyImage } from './copy-image.tsx'
import { PullMenu } from './pull-menu.tsx'
import { useRegistryAddresses } from './registry-address.ts'
import { inRepository, type RepositoryRights } from './repository-input.ts'

type Manifest = Reply<'DescribeRepositoryManifests'>['Manifests'][number]

interface UntaggedProps {
  readonly at: RepositoryAt
  readonly rights: RepositoryRights
}

type Opened = { readonly kind: 'delete' | 'tag'; readonly digest: string }

export function Untagged({ at, rights }: UntaggedProps) {
  const { t } = useWords()
  const address = useRegistryAddresses(at.instance)[0]
  const [opened, setOpened] = useState<Opened>()
  const list = useList(
    'DescribeRepositoryManifests',
    { ...inRepository(at), Group: 'Untagged' },
    { rows: (reply) => reply.Manifests, total: (reply) => reply.TotalCount },
  )
  const columns: readonly Column<Manifest>[] = [
    {
      id: 'digest',
      head: t('patterns.digest'),
      cell: ({ Digest }) => (
        <>
          <Link to={paths.digest(at, Digest)}>
            <code title={Digest}>{shortDigest(Digest)}</code>
          </Link>
          <CopyButton text={Digest} what={t('patterns.digest')} />
        </>
      ),
    },
    {
      id: 'type',
      head: t('repositories.type'),
      cell: (row) => <FreeText text={artifactTypeWord(row, t)} />,
    },
    {
      id: 'size',
      head: t('repositories.size'),
      isNumber: true,
      // Of an index the list knows only the bytes of its own document, and nobody pulls those alone.
      cell: ({ Kind, Size }) => <Bytes value={Kind === 'Index' ? null : Size} />,
    },
    {
      id: 'pushed',
      head: t('repositories.pushed'),
      cell: ({ PushTime, PushedBy }) => (
        <div className="two-lines">
          <Time at={PushTime} />
          <ByWhom name={PushedBy} />
        </div>
      ),
    },
  ]
  return (
    <Panel title={t('repositories.untagged')}>
      <p className="quiet">{t('repositories.untaggedAbout')}</p>
      {list.error && <Failed error={list.error} retry={list.refresh} />}
      <PeopleNames of={list.rows.map(({ PushedBy }) => PushedBy)}>
        <Rows
          label={t('repositories.untagged')}
          list={list}
          columns={columns}
          rowKey={({ Digest }) => Digest}
          rowActions={{
            label: ({ Digest }) => t('repositories.actionsOf', { name: shortDigest(Digest) }),
            direct: ({ Digest }) => (
              <PullMenu at={at} address={address} tag={undefined} digest={Digest} />
            ),
            menu: ({ Digest }) => [
              ...(rights.mayRetag
                ? [
                    {
                      id: 'tag',
                      label: t('repositories.giveTag'),
                      onSelect: () => setOpened({ kind: 'tag', digest: Digest }),
                    },
                  ]
                : []),
              ...(rights.mayDeleteDigest
                ? [
                    {
                      id: 'delete',
                      label: t('images.deleteVerb'),
                      isDangerous: true,
                      onSelect: () => setOpened({ kind: 'delete', digest: Digest }),
                    },
                  ]
                : []),
            ],
          }}
        />
      </PeopleNames>
      {opened?.kind === 'delete' && (
        <DeleteDigest at={at} digest={opened.digest} onClose={() => setOpened(undefined)} />
      )}
      {opened?.kind === 'tag' && (
        <CopyImage at={at} reference={opened.digest} tag="" onClose={() => setOpened(undefined)} />
      )}
    </Panel>
  )
}
