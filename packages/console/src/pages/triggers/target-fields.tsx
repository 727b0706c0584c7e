// Where requests go: addresses with their headers, and a test of each. Stored header values are never shown: what is left
// empty stays as it is.

import { useState } from 'react'
import { AddIcon, DeleteIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { Button, IconButton } from '../../patterns/button.tsx'
import { useFormState } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Status } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { AttemptDetail } from './attempt-detail.tsx'
import {
  eventsOf,
  type HeaderValues,
  newTarget,
  type TargetValues,
  type Trigger,
  targetInput,
} from './trigger-words.ts'

const maxTargets = 10
const maxHeaders = 20

interface TargetFieldsProps {
  readonly instance: string
  readonly trigger: Trigger | undefined
}

export function TargetFields({ instance, trigger }: TargetFieldsProps) {
  const { t } = useWords()
  const form = useFormState()
  const targets: readonly TargetValues[] = form.values.targets
  const setTarget = (at: number, target: TargetValues) =>
    form.set('targets', targets.with(at, target))
  const problem = form.shown.has('targets') ? form.problems.targets : undefined
  return (
    <fieldset className="field">
      <legend className="field-label">{t('triggers.targets')}</legend>
      {targets.map((target, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a target has no other name while it is typed
        <fieldset key={at} className="target">
          <legend className="field-label">{t('triggers.target', { n: at + 1 })}</legend>
          <TargetInputs
            target={target}
            hasProblem={problem !== undefined}
            set={(next) => setTarget(at, next)}
          />
          <div className="target-actions">
            <TestTarget instance={instance} trigger={trigger} target={target} />
            {targets.length > 1 && (
              <IconButton
                icon={<DeleteIcon />}
                label={t('triggers.removeTarget', { n: at + 1 })}
                onClick={() => form.set('targets', targets.toSpliced(at, 1))}
              />
            )}
          </div>
        </fieldset>
      ))}
      <div className="field-foot">
        {problem !== undefined && (
          <div className="field-problem" role="alert">
            {problem}
          </div>
        )}
      </div>
      {targets.length < maxTargets && (
        <div>
          <Button
            theme="text"
            icon={<AddIcon />}
            onClick={() => form.set('targets', [...targets, newTarget])}
          >
            {t('triggers.addTarget')}
          </Button>
        </div>
      )}
    </fieldset>
  )
}

interface TargetInputsProps {
  readonly target: TargetValues
  readonly hasProblem: boolean
  set(target: TargetValues): void
}

function TargetInputs({ target, hasProblem, set }: TargetInputsProps) {
  const { t } = useWords()
  const { headers } = target
  const setHeader = (at: number, header: HeaderValues) =>
    set({ ...target, headers: headers.with(at, header) })
  return (
    <>
      <span className="input">
        <input
          type="url"
          aria-label={t('triggers.url')}
          aria-required
          aria-invalid={hasProblem || undefined}
          value={target.address}
          maxLength={2048}
          onChange={(event) => set({ ...target, address: event.target.value })}
        />
      </span>
      {headers.map((header, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a header has no other name while it is typed
        <div key={at} className="header-row">
          <span className="input">
            <input
              aria-label={t('triggers.headerName')}
              placeholder={t('triggers.headerName')}
              value={header.key}
              maxLength={128}
              onChange={(event) => setHeader(at, { ...header, key: event.target.value })}
            />
          </span>
          <span className="input">
            <input
              aria-label={t('triggers.headerValue')}
              placeholder={t(header.kept > 0 ? 'triggers.kept' : 'triggers.headerValue')}
              autoComplete="off"
              value={header.value}
              onChange={(event) => setHeader(at, { ...header, value: event.target.value })}
            />
          </span>
          <IconButton
            icon={<DeleteIcon />}
            label={t('triggers.removeHeader', { n: at + 1 })}
            onClick={() => set({ ...target, headers: headers.toSpliced(at, 1) })}
          />
        </div>
      ))}
      {headers.length < maxHeaders && (
        <div>
          <Button
            theme="text"
            icon={<AddIcon />}
            onClick={() =>
              set({ ...target, headers: [...headers, { key: '', value: '', kept: 0 }] })
            }
          >
            {t('triggers.addHeader')}
          </Button>
        </div>
      )}
    </>
  )
}

interface TestTargetProps extends TargetFieldsProps {
  readonly target: TargetValues
}

function TestTarget({ instance, trigger, target }: TestTargetProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const { values } = useFormState()
  const test = useChange('TestWebhookTarget')
  const [result, setResult] = useState<Reply<'TestWebhookTarget'>>()
  const run = () =>
    test
      .mutateAsync({
        RegistryId: instance,
        Namespace: values.namespace,
        ...(trigger && { Id: trigger.Id }),
        Target: targetInput(target),
        EventType: eventsOf(values)[0] ?? 'pushImage',
        BodyFormat: values.bodyFormat,
      })
      .then(setResult, tellError)
  const isReady = target.address !== '' && values.namespace !== ''
  return (
    <>
      <Button
        isBusy={test.isPending}
        blocked={
          isReady
            ? undefined
            : t(target.address === '' ? 'triggers.urlWrong' : 'triggers.chooseNamespace')
        }
        onClick={() => void run()}
      >
        {t('triggers.test')}
      </Button>
      <div className="test-result" role="status">
        {result && (
          <>
            <Status tone={result.Succeeded ? 'good' : 'bad'}>
              {result.Succeeded
                ? t('triggers.testOk', { status: result.Attempt.HttpStatus ?? 0 })
                : t('triggers.testFailed', { problem: result.Attempt.Problem ?? '' })}
            </Status>
            <AttemptDetail attempt={result.Attempt} body={result.Body} />
          </>
        )}
      </div>
    </>
  )
}
