// What drawers of models and of skills begin with: which version they tell of.

import { useWords } from '../../words/use-words.ts'

interface VersionSelectProps {
  readonly version: string
  readonly versions: readonly { readonly version: string; readonly label: string }[]
  onVersion(version: string): void
}

export function VersionSelect({ version, versions, onVersion }: VersionSelectProps) {
  const { t } = useWords()
  const isOffered = versions.some((one) => one.version === version)
  const offered = isOffered ? versions : [{ version, label: version }, ...versions]
  return (
    <label className="field">
      <span className="field-label">{t('artifacts.version')}</span>
      <select value={version} onChange={(event) => onVersion(event.target.value)}>
        {offered.map((one) => (
          <option key={one.version} value={one.version}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  )
}
