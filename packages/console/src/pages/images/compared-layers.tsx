// The layers of two images: those they share, those of one alone, and what moving from one to the other costs.

import { Facts, Panel } from '../../patterns/detail.tsx'
import { formatBytes } from '../../patterns/format.ts'
import { PlainTable } from '../../patterns/plain-table.tsx'
import { Bytes, Digest } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { compareLayers } from './comparison.ts'
import { readCommand } from './layer-command.ts'
import type { Step } from './layers.tsx'

interface ComparedLayersProps {
  readonly left: readonly Step[]
  readonly right: readonly Step[]
}

const sideWords = {
  shared: 'images.inBoth',
  left: 'images.onlyLeft',
  right: 'images.onlyRight',
} as const
type SideOf = keyof typeof sideWords

export function ComparedLayers({ left, right }: ComparedLayersProps) {
  const { t, locale } = useWords()
  const { shared, onlyLeft, onlyRight, pulledBytes } = compareLayers(left, right)
  const back = compareLayers(right, left).pulledBytes
  const rows: readonly (readonly [SideOf, Step])[] = [
    ...onlyRight.map((step) => ['right', step] as const).reverse(),
    ...onlyLeft.map((step) => ['left', step] as const).reverse(),
    ...shared.map((step) => ['shared', step] as const).reverse(),
  ]
  const sum = (steps: readonly Step[]) =>
    formatBytes(
      steps.reduce((all, { Size }) => all + Size, 0),
      locale,
    )
  return (
    <Panel title={t('images.tabLayers')}>
      <Facts
        facts={[
          {
            label: t('images.toPull'),
            value: <strong>{formatBytes(pulledBytes, locale)}</strong>,
          },
          { label: t('images.toPullBack'), value: formatBytes(back, locale) },
          {
            label: t('images.inBoth'),
            value: t('images.layersOf', { n: shared.length, size: sum(shared) }),
          },
          {
            label: t('images.onlyLeft'),
            value: t('images.layersOf', { n: onlyLeft.length, size: sum(onlyLeft) }),
          },
          {
            label: t('images.onlyRight'),
            value: t('images.layersOf', { n: onlyRight.length, size: sum(onlyRight) }),
          },
        ]}
      />
      <PlainTable
        caption={t('images.tabLayers')}
        heads={[
          { label: t('images.where') },
          { label: t('images.size'), isNumber: true },
          { label: t('images.command') },
          { label: t('patterns.digest') },
        ]}
        className="compare-table"
      >
        {rows.map(([side, step]) => (
          <tr key={`${side} ${step.Digest}`} className={`side-${side}`}>
            <td data-head={t('images.where')} className="side-mark">
              {t(sideWords[side])}
            </td>
            <td data-head={t('images.size')} className="cell-number">
              <Bytes value={step.Size} />
            </td>
            <td data-head={t('images.command')}>
              <bdi className="compare-command">
                {readCommand(step.CreatedBy).text || t('images.commandUnknown')}
              </bdi>
            </td>
            <td data-head={t('patterns.digest')}>
              {step.Digest !== null && <Digest value={step.Digest} />}
            </td>
          </tr>
        ))}
      </PlainTable>
    </Panel>
  )
}
