// Keys and values of cloud tags, as rows of a form.

import { AddIcon, DeleteIcon } from 'tdesign-icons-react'
import { Button, IconButton } from '../../patterns/button.tsx'
import { useFormState } from '../../patterns/form.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import './instances.css'

export interface TagRow {
  readonly key: string
  readonly value: string
}

/** Of one resource. */
const maxTags = 10
const maxKeyChars = 127
const maxValueChars = 255

/** What is wrong with the rows; empty ones at the end are left out. */
export function checkTags(rows: readonly TagRow[], t: Words['t']): string | undefined {
  const kept = filledTags(rows)
  if (kept.some(({ key }) => key === '')) return t('instances.tagKeyMissing')
  if (new Set(kept.map(({ key }) => key)).size < kept.length) return t('instances.tagKeyTwice')
  return undefined
}

export function filledTags(rows: readonly TagRow[]): readonly TagRow[] {
  return rows
    .map(({ key, value }) => ({ key: key.trim(), value: value.trim() }))
    .filter(({ key, value }) => key !== '' || value !== '')
}

/** `tags` of the form around. */
export function TagRows({ label }: { readonly label?: string }) {
  const { t } = useWords()
  const form = useFormState()
  const rows: readonly TagRow[] = form.values.tags
  const problem = form.shown.has('tags') ? form.problems.tags : undefined
  const set = (next: readonly TagRow[]) => form.set('tags', next)
  const change = (at: number, part: Partial<TagRow>) =>
    set(rows.map((row, index) => (index === at ? { ...row, ...part } : row)))
  return (
    <fieldset className="field" aria-describedby="tag-rows-foot">
      <legend className="field-label">{label ?? t('instances.tagsField')}</legend>
      {rows.map(({ key, value }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; key and value are being typed
        <div key={at} className="tag-row">
          <span className="input">
            <input
              value={key}
              maxLength={maxKeyChars}
              aria-label={t('instances.tagKey', { n: at + 1 })}
              aria-invalid={problem !== undefined || undefined}
              placeholder={t('instances.tagKeyShort')}
              onChange={(event) => change(at, { key: event.target.value })}
              onBlur={() => form.leave('tags')}
            />
          </span>
          <span className="input">
            <input
              value={value}
              maxLength={maxValueChars}
              aria-label={t('instances.tagValue', { n: at + 1 })}
              placeholder={t('instances.tagValueShort')}
              onChange={(event) => change(at, { value: event.target.value })}
            />
          </span>
          <IconButton
            icon={<DeleteIcon />}
            label={t('instances.removeTag', { n: at + 1 })}
            onClick={() => set(rows.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <div>
        <Button
          icon={<AddIcon />}
          blocked={rows.length < maxTags ? undefined : t('instances.tagsFull', { n: maxTags })}
          onClick={() => set([...rows, { key: '', value: '' }])}
        >
          {t('instances.addTag')}
        </Button>
      </div>
      <div id="tag-rows-foot" className="field-foot">
        {problem !== undefined && <div className="field-problem">{problem}</div>}
        <div>{t('instances.tagsHelp')}</div>
      </div>
    </fieldset>
  )
}
