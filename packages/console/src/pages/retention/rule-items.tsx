// The rows of a rule: what each keeps, of which repositories and tags.

import { AddIcon } from 'tdesign-icons-react'
import { Button } from '../../patterns/button.tsx'
import { useFormState } from '../../patterns/form.tsx'
import { useWords } from '../../words/use-words.ts'
import { days, type ItemValues, isCount, newest, newItem } from './rule-values.ts'

const maxItems = 50

export function RuleItems({ isSimple }: { readonly isSimple: boolean }) {
  const { t } = useWords()
  const form = useFormState()
  const items = form.values.items as readonly ItemValues[]
  const set = (key: string, changed: Partial<ItemValues>) =>
    form.set(
      'items',
      items.map((item) => (item.key === key ? { ...item, ...changed } : item)),
    )
  const shown = isSimple ? items.slice(0, 1) : items
  return (
    <>
      {shown.map((item, index) => (
        <fieldset key={item.key} className="rule-item">
          <legend className="field-label">
            {isSimple ? t('retention.policy') : t('retention.itemNumber', { n: index + 1 })}
          </legend>
          {!isSimple && <Filters item={item} set={(changed) => set(item.key, changed)} />}
          <KeepRow item={item} set={(changed) => set(item.key, changed)} />
          {!isSimple && (
            <label className="choice">
              <input
                type="checkbox"
                checked={item.withCharts}
                onChange={(event) => set(item.key, { withCharts: event.target.checked })}
              />
              <span>{t('retention.withCharts')}</span>
            </label>
          )}
          {!isSimple && items.length > 1 && (
            <Button
              theme="danger-text"
              onClick={() =>
                form.set(
                  'items',
                  items.filter(({ key }) => key !== item.key),
                )
              }
            >
              {t('retention.removeItem', { n: index + 1 })}
            </Button>
          )}
        </fieldset>
      ))}
      {!isSimple && (
        <Button
          icon={<AddIcon />}
          blocked={items.length >= maxItems ? t('retention.mostItems', { n: maxItems }) : undefined}
          onClick={() => form.set('items', [...items, newItem(nextKey(items))])}
        >
          {t('retention.addItem')}
        </Button>
      )}
    </>
  )
}

function nextKey(items: readonly ItemValues[]): string {
  return String(Math.max(...items.map(({ key }) => Number(key))) + 1)
}

interface RowProps {
  readonly item: ItemValues
  set(changed: Partial<ItemValues>): void
}

function KeepRow({ item, set }: RowProps) {
  const { t } = useWords()
  const isWrong = !isCount(item.value)
  return (
    <div className="rule-item-row">
      <label>
        <span className="field-label">{t('retention.keep')}</span>
        <select value={item.kind} onChange={(event) => set({ kind: event.target.value })}>
          <option value={newest}>{t('retention.keepNewest')}</option>
          <option value={days}>{t('retention.keepDays')}</option>
        </select>
      </label>
      <label>
        <span className="field-label">
          {t(item.kind === days ? 'retention.days' : 'retention.tags')}
        </span>
        <span className="input">
          <input
            inputMode="numeric"
            value={item.value}
            aria-invalid={isWrong || undefined}
            onChange={(event) => set({ value: event.target.value })}
          />
        </span>
        {isWrong && <span className="field-problem">{t('retention.wrongNumber')}</span>}
      </label>
    </div>
  )
}

function Filters({ item, set }: RowProps) {
  const { t } = useWords()
  return (
    <>
      <div className="rule-item-row">
        <label>
          <span className="field-label">{t('retention.repositoryFilter')}</span>
          <select
            value={item.repositoryMode}
            onChange={(event) => set({ repositoryMode: event.target.value })}
          >
            <option value="repoMatches">{t('retention.matches')}</option>
            <option value="repoExcludes">{t('retention.excludes')}</option>
          </select>
        </label>
        <label>
          <span className="field-label">{t('retention.repositoryPattern')}</span>
          <span className="input">
            <input
              value={item.repositoryPattern}
              onChange={(event) => set({ repositoryPattern: event.target.value })}
            />
          </span>
        </label>
      </div>
      <div className="rule-item-row">
        <label>
          <span className="field-label">{t('retention.tagFilter')}</span>
          <select value={item.tagMode} onChange={(event) => set({ tagMode: event.target.value })}>
            <option value="matches">{t('retention.matches')}</option>
            <option value="excludes">{t('retention.excludes')}</option>
          </select>
        </label>
        <label>
          <span className="field-label">{t('retention.tagPattern')}</span>
          <span className="input">
            <input
              value={item.tagPattern}
              onChange={(event) => set({ tagPattern: event.target.value })}
            />
          </span>
        </label>
      </div>
    </>
  )
}
