// Why was I refused? The last logins and requests that registries refused, each with its one reason and what to do.
// Every block with a login command opens it.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { HelpCircleIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { useRights } from '../../patterns/rights.ts'
import { FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { neededStatement, type Refusal, reasonWords } from './refusal-words.ts'
import './refusals.css'

const liveMs = 5000
const shownRefusals = 30
const auditRight = ['cloudaudit:DescribeEvents'] as const

interface RefusalsDrawerProps {
  /** Undefined: at every instance, and at hosts that are nobody's. */
  readonly instance?: string | undefined
  onClose(): void
}

export function RefusalsDrawer({ instance, onClose }: RefusalsDrawerProps) {
  const { t } = useWords()
  const { may } = useRights([auditRight])
  const [seesAll, setSeesAll] = useState(false)
  return (
    <Dialog
      title={t('refusals.title')}
      form="drawer"
      onClose={onClose}
      foot={<Button onClick={onClose}>{t('patterns.close')}</Button>}
    >
      <p className="quiet">{t('refusals.about')}</p>
      {may(...auditRight) && (
        <label className="choice">
          <input
            type="checkbox"
            role="switch"
            className="switch"
            checked={seesAll}
            aria-checked={seesAll}
            onChange={(event) => setSeesAll(event.target.checked)}
          />
          <span>{t(instance === undefined ? 'refusals.all' : 'refusals.allOfInstance')}</span>
        </label>
      )}
      <RefusalList instance={instance} seesAll={seesAll} />
    </Dialog>
  )
}

/** The button that opens the drawer: small, beside a login command. */
export function WhyRefused({ instance }: Pick<RefusalsDrawerProps, 'instance'>) {
  const { t } = useWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button theme="text" icon={<HelpCircleIcon />} onClick={() => setOpen(true)}>
        {t('refusals.title')}
      </Button>
      {isOpen && <RefusalsDrawer instance={instance} onClose={() => setOpen(false)} />}
    </>
  )
}

interface RefusalListProps {
  readonly instance: string | undefined
  readonly seesAll: boolean
}

function RefusalList({ instance, seesAll }: RefusalListProps) {
  const { t } = useWords()
  const { data, error, refetch } = useRead(
    'DescribeRefusals',
    {
      // One's own wherever they were: a wrong address leads to another instance, or to none.
      ...(seesAll && instance !== undefined && { RegistryId: instance }),
      Scope: seesAll ? 'All' : 'Own',
      Limit: shownRefusals,
    },
    { everyMs: liveMs, keepsPrevious: true },
  )
  if (!data) return error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton />
  if (data.Refusals.length === 0) {
    return (
      <Empty title={t('refusals.none')}>
        <p>{t('refusals.noneAbout')}</p>
      </Empty>
    )
  }
  return (
    <ol className="refusals" aria-label={t('refusals.title')}>
      {data.Refusals.map((refusal) => (
        <RefusalEntry key={refusal.RefusalId} refusal={refusal} here={instance} />
      ))}
    </ol>
  )
}

interface RefusalEntryProps {
  readonly refusal: Refusal
  /** The instance that the reader looks at. */
  readonly here: string | undefined
}

function RefusalEntry({ refusal, here }: RefusalEntryProps) {
  const { t } = useWords()
  const { what, remedy, place } = reasonWords[refusal.Reason]
  const statement = neededStatement(refusal)
  return (
    <li className="refusal">
      <p className="refusal-head">
        <Status tone="bad">{t(what)}</Status>
        <span className="quiet">
          <Time at={refusal.Time} />
          {refusal.Count > 1 && <> · {t('refusals.times', { n: refusal.Count })}</>}
        </span>
      </p>
      <p>{t(remedy)}</p>
      {place && refusal.RegistryId !== null && (
        <p>
          <Link to={place.to(refusal.RegistryId)}>{t(place.label)}</Link>
        </p>
      )}
      {statement !== undefined && (
        <CommandBlock lines={statement} label={t('patterns.statement')} />
      )}
      <RefusalFacts refusal={refusal} here={here} />
    </li>
  )
}

function RefusalFacts({ refusal, here }: RefusalEntryProps) {
  const { t } = useWords()
  const facts = [
    [t('refusals.loginName'), refusal.LoginName ?? t('refusals.noLogin')],
    [t('refusals.address'), refusal.Address],
    [t('refusals.client'), refusal.Agent],
    [t('refusals.instance'), refusal.RegistryId === here ? null : refusal.RegistryId],
    [t('refusals.resource'), refusal.Resource],
    [t('refusals.permission'), refusal.Permission],
  ] as const
  return (
    <dl className="refusal-facts">
      {facts
        .filter(([, value]) => value !== null)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <FreeText text={value} />
            </dd>
          </div>
        ))}
    </dl>
  )
}
