// The answer of a simulation: allowed or not, the statement that decides, or the one that is missing.

import { Link } from '@tanstack/react-router'
import { AddIcon, CheckCircleIcon, CloseCircleIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { statementPlaces } from './check-document.ts'
import { type Statement, writeStatement } from './document.ts'
import type { Draft, Simulated } from './simulation.ts'

interface SimulationResultProps {
  readonly reply: Simulated
  readonly draft: Draft | undefined
  readonly toAdd: Statement
  readonly onAdd: ((statement: Statement) => void) | undefined
}

const decisions: Readonly<Record<Simulated['Decision'], WordKey>> = {
  Root: 'policies.decidedRoot',
  Allow: 'policies.decidedAllow',
  ExplicitDeny: 'policies.decidedDeny',
  DefaultDeny: 'policies.decidedNothing',
  BoundaryDeny: 'policies.decidedBoundary',
  SessionDeny: 'policies.decidedSession',
  OtherAccount: 'policies.decidedOther',
}

export function SimulationResult({ reply, draft, toAdd, onAdd }: SimulationResultProps) {
  const { t } = useWords()
  const { Allowed, Decision, DecidedBy, Considered } = reply
  const isMissing = Decision === 'DefaultDeny'
  const missing = JSON.stringify(writeStatement(toAdd), undefined, 2)
  return (
    <div className="stack">
      <p className={`policy-verdict policy-verdict-${Allowed ? 'good' : 'bad'}`}>
        {Allowed ? <CheckCircleIcon aria-hidden="true" /> : <CloseCircleIcon aria-hidden="true" />}
        <strong>{t(Allowed ? 'policies.allowed' : 'policies.refused')}</strong>{' '}
        {t(decisions[Decision])}
      </p>
      {DecidedBy && <Decider decider={DecidedBy} draft={draft} />}
      {isMissing && (
        <>
          <p>{t('policies.statementToAdd')}</p>
          <CommandBlock lines={missing} label={t('policies.statement')} />
          {onAdd && (
            <div>
              <Button icon={<AddIcon />} onClick={() => onAdd(toAdd)}>
                {t('policies.addToDraft')}
              </Button>
            </div>
          )}
        </>
      )}
      {Considered.length > 0 && <ConsideredList considered={Considered} />}
    </div>
  )
}

type Considered = Simulated['Considered'][number]

function Decider({
  decider,
  draft,
}: {
  readonly decider: Considered
  readonly draft: Draft | undefined
}) {
  const { t } = useWords()
  const { PolicyId, StatementIndex } = decider
  const { data } = useRead(
    'GetPolicy',
    { PolicyId: PolicyId ?? 0 },
    { isEnabled: PolicyId !== null },
  )
  const text = PolicyId === null ? draft?.document : data?.PolicyDocument
  const place = text === undefined ? undefined : statementPlaces(text)[StatementIndex]
  return (
    <>
      <p>
        <PolicyName considered={decider} />{' '}
        {t('policies.statementNumber', { n: StatementIndex + 1 })}
      </p>
      {text !== undefined && place && (
        <CommandBlock
          lines={laidOut(text.slice(place.from, place.to))}
          label={t('policies.statement')}
        />
      )}
    </>
  )
}

const laidOut = (json: string): string => JSON.stringify(JSON.parse(json), undefined, 2)

function PolicyName({ considered }: { readonly considered: Considered }) {
  const { t } = useWords()
  const { PolicyId, PolicyName: name } = considered
  if (PolicyId === null) return <>{t('policies.thisDraft')}</>
  return <Link to={paths.accessDetail('policies', PolicyId, 'document')}>{name ?? PolicyId}</Link>
}

const shown = 20

function ConsideredList({ considered }: { readonly considered: readonly Considered[] }) {
  const { t } = useWords()
  return (
    <details>
      <summary>{t('policies.considered', { n: considered.length })}</summary>
      <ul className="policy-considered">
        {considered.slice(0, shown).map((one) => (
          <li key={`${one.Set} ${one.PolicyId} ${one.StatementIndex}`}>
            <PolicyName considered={one} />{' '}
            {t('policies.statementNumber', { n: one.StatementIndex + 1 })}:{' '}
            {t(one.Effect === 'allow' ? 'policies.allow' : 'policies.deny')};{' '}
            {t(one.CoversResource ? 'policies.coversResource' : 'policies.otherResource')}
            {one.CoversResource && !one.ConditionsHold && `; ${t('policies.conditionsFail')}`}
            {one.GroupId !== null && `; ${t('policies.byGroup', { id: String(one.GroupId) })}`}
            {one.Set === 'Boundary' && `; ${t('policies.asBoundary')}`}
          </li>
        ))}
      </ul>
    </details>
  )
}
