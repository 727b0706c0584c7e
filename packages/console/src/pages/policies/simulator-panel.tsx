// May somebody do this, and which statement decides? Beside the editor it tries the draft with each change.

import { useEffect, useState } from 'react'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { newStatement, type Statement } from './document.ts'
import { noPick, pickedOf } from './place-fields.tsx'
import { exactResource, inSixSegments, writeResource } from './resource-names.ts'
import { type Asked, type Draft, type Marked, markedBy } from './simulation.ts'
import { SimulationResult } from './simulation-result.tsx'
import { kindsFor, type Question, SimulatorForm } from './simulator-form.tsx'
import { Tries } from './tries.tsx'
import { useLater } from './use-later.ts'

interface SimulatorPanelProps {
  readonly draft?: Draft
  /** The draft can't be tried as it is. */
  readonly isWrong?: boolean
  onMarked?(marked: Marked | undefined): void
  /** Into the draft. */
  onAdd?(statement: Statement): void
}

const restMs = 400

export function SimulatorPanel({ draft, isWrong = false, onMarked, onAdd }: SimulatorPanelProps) {
  const { t } = useWords()
  const me = usePerson()
  const [isLive, setLive] = useState(false)
  const [written, setWritten] = useState<Question>({
    who: me.roleName ? '' : `user:${me.uin}`,
    action: 'tcr:PullRepository',
    pick: noPick,
    address: '',
    hasFactor: false,
    isDrafted: true,
  })
  const kinds = kindsFor(written.action)
  const kind = kinds.find((one) => one === written.pick.kind) ?? kinds[0] ?? 'other'
  const question = { ...written, pick: { ...written.pick, kind } }
  const picked = kinds.length === 0 ? undefined : pickedOf(question.pick)
  const tried = question.isDrafted ? draft : undefined
  const missing = whatIsMissing()
  const request: Asked = {
    ...commonOf(question, tried),
    Action: question.action,
    ...(picked && { Resources: [inSixSegments(exactResource(picked))] }),
  }
  // As text, which rests when it is the same; null while something is missing.
  const rested = useLater(missing === undefined ? JSON.stringify(request) : null, restMs)
  const asked: Asked = rested === null ? request : JSON.parse(rested)
  const isAsking = isLive && missing === undefined && rested !== null
  const { data, error, isFetching } = useRead('SimulatePolicy', asked, {
    isEnabled: isAsking,
    keepsPrevious: true,
  })
  const marked = isAsking ? markedBy(data) : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it marks, not the object that says so
  useEffect(() => onMarked?.(marked), [marked?.index, marked?.effect])

  function whatIsMissing(): string | undefined {
    if (question.who === '') return t('policies.chooseWho')
    if (!/^[a-z]+:[A-Za-z0-9]+$/.test(question.action)) return t('policies.writeAction')
    if (kinds.length > 0 && picked === undefined) return t('policies.pickFirst')
    return isWrong && tried ? t('policies.mendFirst') : undefined
  }

  const resource = picked ? inSixSegments(writeResource(picked)) : '*'
  const toAdd = { ...newStatement, actions: [question.action], resources: [resource] }
  return (
    <section className="panel policy-simulator" aria-label={t('policies.simulator')}>
      {/* Alone on its page the title above says it. */}
      <h2 className={draft ? '' : 'spoken'}>{t('policies.simulator')}</h2>
      <SimulatorForm
        question={question}
        kinds={kinds}
        hasDraft={draft !== undefined}
        missing={missing}
        isBusy={isAsking && isFetching && !data}
        onChange={(changed) => setWritten({ ...written, ...changed })}
        onAsk={() => setLive(true)}
      />
      <div role="status" className={isFetching ? 'policy-old' : ''}>
        {isAsking && error && <Failed error={error} />}
        {isAsking && data && !error && (
          <SimulationResult
            reply={data}
            draft={draft}
            toAdd={toAdd}
            onAdd={question.isDrafted ? onAdd : undefined}
          />
        )}
      </div>
      {isAsking && !error && <Tries asked={asked} />}
    </section>
  )
}

function commonOf({ who, address, hasFactor }: Question, draft: Draft | undefined) {
  const [kind, id = ''] = who.split(':')
  return {
    ...(kind === 'role' ? { RoleId: id } : { TargetUin: Number(id) }),
    ...(address.trim() !== '' && { Address: address.trim() }),
    ...(hasFactor && { MfaUsed: true }),
    ...(draft && { PolicyDocument: draft.document }),
    ...(draft?.policyId !== undefined && { PolicyId: draft.policyId }),
  }
}
