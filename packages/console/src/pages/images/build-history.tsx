// The steps of an image's build with their times, the newest first.

import { Panel } from '../../patterns/detail.tsx'
import { PlainTable } from '../../patterns/plain-table.tsx'
import { Bytes, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Step } from './layers.tsx'

export function BuildHistory({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = useWords()
  if (steps.length === 0) return <Empty title={t('images.noHistory')} />
  const heads = {
    created: t('images.created'),
    command: t('images.command'),
    comment: t('images.comment'),
    size: t('images.size'),
  }
  return (
    <Panel title={t('images.tabHistory')}>
      <PlainTable
        caption={t('images.tabHistory')}
        heads={[
          { label: heads.created },
          { label: heads.command },
          { label: heads.comment },
          { label: heads.size, isNumber: true },
        ]}
      >
        {steps.toReversed().map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
          <tr key={index}>
            <td data-head={heads.created} className="history-time">
              <Time at={step.CreateTime} />
            </td>
            <td data-head={heads.command}>
              <code className="history-command">{step.CreatedBy ?? '–'}</code>
            </td>
            <td data-head={heads.comment}>
              <FreeText text={step.Comment} />
            </td>
            <td data-head={heads.size} className="cell-number">
              {step.Digest === null ? t('images.emptyLayer') : <Bytes value={step.Size} />}
            </td>
          </tr>
        ))}
      </PlainTable>
    </Panel>
  )
}
