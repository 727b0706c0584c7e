// The steps of an image's build with their times, the newest first.

import { Panel } from '../../patterns/detail.tsx'
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
      <div className="table-frame">
        <table className="table">
          <caption className="spoken">{t('images.tabHistory')}</caption>
          <thead>
            <tr>
              <th scope="col">{heads.created}</th>
              <th scope="col">{heads.command}</th>
              <th scope="col">{heads.comment}</th>
              <th scope="col" className="cell-number">
                {heads.size}
              </th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
