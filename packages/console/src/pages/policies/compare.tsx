// The difference between two versions of a policy, line by line.

import { useState } from 'react'
import { useReads } from '../../api/use-api.ts'
import { Panel } from '../../patterns/detail.tsx'
import { DiffLines } from '../../patterns/diff-lines.tsx'
import { diffLines } from '../../patterns/line-diff.ts'
import { Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { laidOut } from './document-tab.tsx'
import { Chooser } from './labelled.tsx'

interface CompareProps {
  readonly id: number
  /** The newest first. */
  readonly versions: readonly { readonly VersionId: number; readonly IsDefaultVersion: number }[]
}

export function Compare({ id, versions }: CompareProps) {
  const { t } = useWords()
  const newest = versions[0]?.VersionId ?? 0
  const inForce = versions.find((one) => one.IsDefaultVersion === 1)?.VersionId ?? newest
  const [chosen, setChosen] = useState<{ readonly from?: number; readonly to?: number }>({})
  const isThere = (version: number | undefined) =>
    versions.some(({ VersionId }) => VersionId === version) ? version : undefined
  const to = isThere(chosen.to) ?? inForce
  const other = versions.find(({ VersionId }) => VersionId !== to)?.VersionId ?? newest
  const from = isThere(chosen.from) ?? other
  const [before, after] = useReads(
    'GetPolicyVersion',
    versions.length > 1 ? [from, to].map((VersionId) => ({ PolicyId: id, VersionId })) : [],
  )
  if (versions.length < 2) return null
  const choices = versions.map(({ VersionId }) => ({
    value: String(VersionId),
    label: t('policies.versionNumber', { n: VersionId }),
  }))
  const textOf = (read: typeof before) => laidOut(read?.data?.PolicyVersion.Document ?? '')
  const lines = before?.data && after?.data && diffLines(textOf(before), textOf(after))
  return (
    <Panel title={t('policies.difference')}>
      <div className="policy-add">
        <Chooser
          label={t('policies.from')}
          value={String(from)}
          choices={choices}
          onChange={(value) => setChosen({ ...chosen, from: Number(value) })}
        />
        <Chooser
          label={t('policies.to')}
          value={String(to)}
          choices={choices}
          onChange={(value) => setChosen({ ...chosen, to: Number(value) })}
        />
      </div>
      {!lines ? (
        <Skeleton />
      ) : lines.every(({ kind }) => kind === 'same') ? (
        <p>{t('policies.noDifference')}</p>
      ) : (
        <DiffLines label={t('policies.difference')} lines={lines} />
      )}
    </Panel>
  )
}
