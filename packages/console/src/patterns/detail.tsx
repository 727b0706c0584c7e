// A page about one thing: where it stands, its name and state, its tabs, its facts.

import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode, useState } from 'react'
import { ChevronRightIcon, EditIcon } from 'tdesign-icons-react'
import { useWords } from '../words/use-words.ts'
import { Button, IconButton } from './button.tsx'
import { useNotices } from './notices.tsx'
import { CopyButton } from './shown.tsx'

export interface Crumb {
  readonly label: string
  readonly to?: string
}

export function Breadcrumb({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  const { t } = useWords()
  return (
    <nav aria-label={t('patterns.whereYouAre')} className="crumbs">
      <ol>
        {crumbs.map(({ label, to }, at) => (
          <Fragment key={`${label} ${to}`}>
            {at > 0 && (
              <li aria-hidden="true">
                <ChevronRightIcon />
              </li>
            )}
            <li>
              {to === undefined ? (
                <bdi aria-current="page">{label}</bdi>
              ) : (
                <Link to={to}>{label}</Link>
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  )
}

interface DetailHeadProps {
  readonly name: string
  /** What the copy button copies, where it isn't the name. */
  readonly copy?: string
  readonly state?: ReactNode
  /** Three key facts. */
  readonly facts?: ReactNode
  readonly actions?: ReactNode
}

export function DetailHead({ name, copy, state, facts, actions }: DetailHeadProps) {
  return (
    <header className="detail-head">
      <div>
        <h1 tabIndex={-1}>
          <bdi>{name}</bdi>
          <CopyButton text={copy ?? name} what={copy ?? name} />
        </h1>
        <div className="detail-facts">
          {state}
          {facts}
        </div>
      </div>
      <div className="detail-actions">{actions}</div>
    </header>
  )
}

export interface Tab {
  readonly id: string
  readonly label: string
  readonly to: string
  readonly count?: number | undefined
  /** What stays in the address from tab to tab: the platform of an image. */
  readonly search?: Readonly<Record<string, string>>
}

/** Tabs are pages: each has an address. */
export function Tabs({
  tabs,
  current,
  label,
}: {
  readonly tabs: readonly Tab[]
  readonly current: string
  readonly label: string
}) {
  return (
    <nav aria-label={label} className="tabs">
      {tabs.map(({ id, label: name, to, count, search = {} }) => (
        <Link
          key={id}
          to={to}
          search={() => search}
          className="tab"
          aria-current={id === current ? 'page' : undefined}
          replace={false}
        >
          {name}
          {count !== undefined && <span className="tab-count">{count}</span>}
        </Link>
      ))}
    </nav>
  )
}

export interface Fact {
  readonly label: string
  readonly value: ReactNode
  /** A pencil edits it in its place. */
  readonly edit?: {
    readonly text: string
    save(text: string): Promise<unknown>
    readonly isLong?: boolean
  }
}

export function Facts({ facts }: { readonly facts: readonly (Fact | undefined)[] }) {
  return (
    <dl className="facts">
      {facts
        .filter((fact) => fact !== undefined)
        .map((fact) => (
          <div key={fact.label} className="fact">
            <dt>{fact.label}</dt>
            <dd>
              <FactValue fact={fact} />
            </dd>
          </div>
        ))}
    </dl>
  )
}

function FactValue({ fact }: { readonly fact: Fact }) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const [draft, setDraft] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const { edit } = fact
  if (!edit || draft === undefined) {
    return (
      <>
        {fact.value}
        {edit && (
          <IconButton
            icon={<EditIcon />}
            label={t('patterns.editWhat', { what: fact.label })}
            onClick={() => setDraft(edit.text)}
          />
        )}
      </>
    )
  }
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      await edit.save(draft)
      setDraft(undefined)
    } catch (error) {
      tellError(error)
    } finally {
      setBusy(false)
    }
  }
  const field = {
    'aria-label': fact.label,
    value: draft,
    autoFocus: true,
    onChange: (event: { readonly target: { readonly value: string } }) =>
      setDraft(event.target.value),
  }
  return (
    <form
      className="fact-edit"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setDraft(undefined)
      }}
    >
      {edit.isLong ? (
        <textarea rows={6} {...field} />
      ) : (
        <span className="input">
          <input {...field} />
        </span>
      )}
      <Button type="submit" theme="primary" isBusy={isBusy}>
        {t('patterns.save')}
      </Button>
      <Button onClick={() => setDraft(undefined)}>{t('patterns.cancel')}</Button>
    </form>
  )
}

/** A part of a page with a heading of its own. */
export function Panel({
  title,
  actions,
  children,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className="panel">
      <header className="panel-head">
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  )
}
