// One file to upload: what it is, and what uploading it would do.

import { CloseIcon } from 'tdesign-icons-react'
import { IconButton } from '../../patterns/button.tsx'
import { explainError } from '../../patterns/errors.tsx'
import { Bytes, Chip, Status, Time } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import type { ChosenPackage, Fate } from './use-packages.ts'

interface PackageRowProps {
  readonly chosen: ChosenPackage
  readonly fate: Fate | undefined
  /** A namespace is chosen: the server can be asked. */
  readonly isPlaced: boolean
  onReplace(mayReplace: boolean): void
  onRemove(): void
}

export function PackageRow(props: PackageRowProps) {
  const { chosen, onRemove } = props
  const { t } = useWords()
  const { file, facts, provenance, state } = chosen
  return (
    <li className="chart-package">
      <div className="chart-package-head">
        <strong>
          <bdi>{facts ? `${facts.name} ${facts.version}` : file.name}</bdi>
        </strong>
        {facts?.type === 'library' && <Chip>{t('charts.library')}</Chip>}
        {provenance && <Chip tone="good">{t('charts.signed')}</Chip>}
        <Bytes value={file.size} />
        {state === 'waiting' && (
          <IconButton
            icon={<CloseIcon />}
            label={t('charts.leaveOut', { name: file.name })}
            onClick={onRemove}
          />
        )}
      </div>
      <div role="status">
        <PackageState {...props} />
      </div>
    </li>
  )
}

const problemWords = {
  notGzip: 'charts.notGzip',
  noChartYaml: 'charts.noChartYaml',
  noName: 'charts.noName',
  tooLarge: 'charts.tooLarge',
} as const

function PackageState({ chosen, fate, isPlaced, onReplace }: PackageRowProps) {
  const { t } = useWords()
  const { problem, state, error, mayReplace } = chosen
  if (problem) return <Status tone="bad">{t(problemWords[problem])}</Status>
  if (state === 'done') return <Status tone="good">{t('charts.isUploaded')}</Status>
  if (state === 'sending') return <Status tone="busy">{t('charts.isSending')}</Status>
  if (error !== undefined) {
    return <div className="form-error">{explainError(error, t)}</div>
  }
  if (!isPlaced) return <span className="quiet">{t('charts.chooseNamespace')}</span>
  switch (fate?.Fate) {
    case undefined:
      return <Status tone="busy">{t('patterns.loading')}</Status>
    case 'new':
      return <Status tone="good">{t('charts.fateNew')}</Status>
    case 'same':
      return <Status tone="off">{t('charts.fateSame')}</Status>
    case 'refused':
      return <Status tone="bad">{t('charts.fateRefused', { reason: fate.Reason ?? '' })}</Status>
    case 'replaces':
      return (
        <>
          <Status tone="warn">
            {t('charts.fateReplaces', { by: fate.PushedBy ?? '' })} <Time at={fate.PushTime} />
          </Status>
          <label className="choice">
            <input
              type="checkbox"
              checked={mayReplace}
              onChange={(event) => onReplace(event.target.checked)}
            />
            <span>{t('charts.replace')}</span>
          </label>
        </>
      )
  }
}
