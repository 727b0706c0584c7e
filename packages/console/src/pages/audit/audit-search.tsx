// What to look for: time first, then who, what and from where; rarer things behind "more".

import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { SearchIcon } from 'tdesign-icons-react'
import { products } from '../../api/actions.ts'
import { useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import {
  type AuditFilter,
  faultOf,
  noFilter,
  type Range,
  ranges,
  rareFields,
  spanOf,
} from './audit-filter.ts'
import './audit.css'

interface AuditSearchProps {
  readonly filter: AuditFilter
  apply(filter: AuditFilter): void
}

const rangeWords: Readonly<Record<Range, WordKey>> = {
  hour: 'audit.lastHour',
  day: 'audit.lastDay',
  week: 'audit.lastWeek',
  month: 'audit.lastMonth',
  own: 'audit.ownRange',
}

const faultWords = { order: 'audit.wrongOrder', tooLong: 'audit.tooLong' } as const

/** What clients of the registry do has no action of the API. */
const eventNames = [
  ...['PullRepository', 'PushRepository', 'LoginRegistry'],
  ...Object.keys(products).filter((name) => !/^(?:Describe|Get|List|LookUp)/.test(name)),
]

const shownInstances = 100

/** `key` of the caller: a changed address fills the boxes anew. */
export function AuditSearch({ filter, apply }: AuditSearchProps) {
  const { t } = useWords()
  const id = useId()
  const [draft, setDraft] = useState(filter)
  const { data } = useRead('DescribeInstances', { AllRegion: true, Limit: shownInstances })
  const set = (name: keyof AuditFilter, value: string) =>
    setDraft((all) => ({ ...all, [name]: value }))
  const fault = faultOf(spanOf(draft, Date.now()))
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (fault === undefined) apply(draft)
  }
  const box = (name: keyof AuditFilter, label: WordKey, list?: string) => (
    <Labelled label={t(label)}>
      <span className="input">
        <input
          value={draft[name]}
          list={list}
          spellCheck={false}
          onChange={(event) => set(name, event.target.value)}
        />
      </span>
    </Labelled>
  )
  const choice = (name: keyof AuditFilter, label: WordKey, options: readonly Option[]) => (
    <Labelled label={t(label)}>
      <select value={draft[name]} onChange={(event) => set(name, event.target.value)}>
        {options.map(([value, word]) => (
          <option key={value} value={value}>
            {t(word)}
          </option>
        ))}
      </select>
    </Labelled>
  )
  return (
    <form className="audit-search" aria-label={t('audit.search')} onSubmit={onSubmit}>
      <div className="audit-fields">
        {choice(
          'range',
          'audit.time',
          ranges.map((range) => [range, rangeWords[range]]),
        )}
        {draft.range === 'own' && (
          <>
            <TimeBox label={t('audit.from')} value={draft.from} set={(text) => set('from', text)} />
            <TimeBox label={t('audit.to')} value={draft.to} set={(text) => set('to', text)} />
          </>
        )}
        {box('actor', 'audit.actor')}
        {box('action', 'audit.action', `${id}-actions`)}
        {box('resource', 'audit.resource')}
        {box('instance', 'audit.instance', `${id}-instances`)}
        {box('address', 'audit.address')}
        {choice('result', 'audit.result', results)}
      </div>
      <details open={rareFields.some((name) => filter[name] !== '')}>
        <summary>{t('audit.more')}</summary>
        <div className="audit-fields">
          {choice('kind', 'audit.kind', kinds)}
          {choice('sensitive', 'audit.sensitive', sensitivities)}
          {box('type', 'audit.resourceType')}
          {box('credential', 'audit.credential')}
          {box('request', 'patterns.requestId')}
          {box('tag', 'audit.tag')}
        </div>
      </details>
      <datalist id={`${id}-actions`}>
        {eventNames.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <datalist id={`${id}-instances`}>
        {(data?.Registries ?? []).map(({ RegistryId, RegistryName }) => (
          <option key={RegistryId} value={RegistryId} label={RegistryName} />
        ))}
      </datalist>
      {fault !== undefined && (
        <p role="alert" className="field-problem">
          {t(faultWords[fault])}
        </p>
      )}
      <div className="row">
        <Button type="submit" theme="primary" icon={<SearchIcon />}>
          {t('audit.searchVerb')}
        </Button>
        <Button theme="text" onClick={() => apply(noFilter)}>
          {t('patterns.clearFilters')}
        </Button>
      </div>
    </form>
  )
}

type Option = readonly [value: string, word: WordKey]

const results: readonly Option[] = [
  ['', 'audit.any'],
  ['0', 'audit.allowed'],
  ['1', 'audit.refused'],
]
const kinds: readonly Option[] = [
  ['', 'audit.any'],
  ['Write', 'audit.write'],
  ['Read', 'audit.read'],
]
const sensitivities: readonly Option[] = [
  ['', 'audit.any'],
  ['1', 'audit.onlySensitive'],
  ['0', 'audit.notSensitive'],
]

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
    <label className="field">
      <span className="field-label">{label}</span>
      {children}
    </label>
  )
}

interface TimeBoxProps {
  readonly label: string
  readonly value: string
  set(text: string): void
}

function TimeBox({ label, value, set }: TimeBoxProps) {
  return (
    <Labelled label={label}>
      <span className="input">
        <input type="datetime-local" value={value} onChange={(event) => set(event.target.value)} />
      </span>
    </Labelled>
  )
}
