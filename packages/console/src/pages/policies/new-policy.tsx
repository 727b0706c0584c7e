// A custom policy in two steps: what it says, then its name and who has it.

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { useRefresh } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Breadcrumb } from '../../patterns/detail.tsx'
import { AreaField, TextField } from '../../patterns/fields.tsx'
import { Form, type FormState, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { DeniesMe } from './denies-me.tsx'
import { EditorWithSimulator } from './editor-with-simulator.tsx'
import { HolderPicks } from './holder-picks.tsx'
import { attach, type Holder, useDeniesMe } from './holders.ts'
import { useProblems } from './policy-editor.tsx'
import { Steps } from './steps.tsx'
import { Summary } from './summary.tsx'
import { TemplateChoice } from './template-choice.tsx'
import { documentOf, examplePlace } from './templates.ts'
import { DocumentWarnings } from './warnings.tsx'
import './policies.css'

interface Values {
  readonly document: string
  readonly name: string
  readonly description: string
  readonly holders: readonly Holder[]
}

const blank = documentOf('blank', examplePlace)
const namePattern = /^[A-Za-z0-9+=,.@_-]{1,128}$/

export function NewPolicyPage() {
  const { t } = useWords()
  useTitle(t('policies.create'))
  const navigate = useNavigate()
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const { may, isKnown } = useRights([['cam:CreatePolicy']])
  const { tell, tellError } = useNotices()
  const refresh = useRefresh()
  const [made, setMade] = useState<number>()
  const form = useForm<Values>({
    initial: { document: blank, name: '', description: '', holders: [] },
    check: ({ name }) => ({ name: namePattern.test(name) ? undefined : t('policies.nameRule') }),
    submit: create,
    draftKey: 'policy',
    apiNames: { name: 'PolicyName', document: 'PolicyDocument', description: 'Description' },
  })
  const isWrong = useProblems(form.values.document).some(({ isError }) => isError)
  const step = search.step === '2' && !isWrong ? 2 : 1
  const title = useRef<HTMLHeadingElement>(null)
  const shown = useRef(step)
  useEffect(() => {
    // The button that was pressed is gone: the next Tab begins at the top of the new step.
    if (shown.current !== step || made !== undefined) title.current?.focus()
    shown.current = step
  }, [step, made])
  const goTo = (next: number) =>
    void navigate({ to: '.', search: () => (next === 1 ? {} : { step: String(next) }) })

  async function create({ document: text, name, description, holders }: Values): Promise<void> {
    const { PolicyId } = await call('CreatePolicy', {
      PolicyName: name,
      PolicyDocument: text,
      ...(description !== '' && { Description: description }),
    })
    // It is there now: what could not be attached is said, and can be tried again on its page.
    const attached = await Promise.allSettled(holders.map((holder) => attach(PolicyId, holder)))
    for (const one of attached) if (one.status === 'rejected') tellError(one.reason)
    await refresh()
    tell(t('policies.created', { name }), { isQuiet: true })
    setMade(PolicyId)
  }

  if (isKnown && !may('cam:CreatePolicy')) {
    return (
      <>
        <h1 tabIndex={-1}>{t('policies.create')}</h1>
        <Empty title={t('policies.mayNotCreate')}>{t('policies.mayNotCreateAbout')}</Empty>
      </>
    )
  }
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: t('policies.title'), to: paths.access('policies') },
          { label: t('policies.create') },
        ]}
      />
      <header className="page-head">
        <h1 tabIndex={-1} ref={title}>
          {t('policies.create')}
        </h1>
      </header>
      <Steps
        current={step}
        steps={[t('policies.stepEdit'), t('policies.stepAttach')]}
        onStep={(next) => (next === 1 || !isWrong) && goTo(next)}
      />
      {made === undefined && step === 1 && <EditStep form={form} onNext={() => goTo(2)} />}
      {made === undefined && step === 2 && <AttachStep form={form} onBack={() => goTo(1)} />}
      {made !== undefined && <Made id={made} name={form.values.name} />}
    </>
  )
}

interface EditStepProps {
  readonly form: FormState<Values>
  onNext(): void
}

function EditStep({ form, onNext }: EditStepProps) {
  const { t } = useWords()
  const { document } = form.values
  const problems = useProblems(document)
  const isBlank = document === blank
  const whyNot = () => {
    if (isBlank) return t('policies.actionFirst')
    return problems.some(({ isError }) => isError) ? t('policies.mendFirst') : undefined
  }
  return (
    <>
      <TemplateChoice isWritten={!isBlank} onDocument={(text) => form.set('document', text)} />
      <EditorWithSimulator
        text={document}
        // Nothing is wrong with what nobody has begun to write.
        problems={isBlank ? [] : problems}
        onText={(text) => form.set('document', text)}
      />
      <div className="policy-foot">
        <LinkButton to={paths.access('policies')}>{t('patterns.cancel')}</LinkButton>
        <Button theme="primary" blocked={whyNot()} onClick={onNext}>
          {t('policies.next')}
        </Button>
      </div>
    </>
  )
}

interface AttachStepProps {
  readonly form: FormState<Values>
  onBack(): void
}

function AttachStep({ form, onBack }: AttachStepProps) {
  const { t } = useWords()
  const deniesMe = useDeniesMe()
  const [isAsking, setAsking] = useState(false)
  const { document, holders } = form.values
  // The second question comes instead of sending, and then sends.
  const guarded: FormState<Values> = {
    ...form,
    send: async () => {
      if (!deniesMe(document, holders) || Object.keys(form.problems).length > 0) return form.send()
      setAsking(true)
      return false
    },
  }
  return (
    <>
      <div className="policy-beside">
        <div className="panel">
          <Form form={guarded} id="new-policy">
            <TextField
              name="name"
              label={t('policies.name')}
              help={t('policies.nameHelp')}
              maxLength={128}
              isRequired
            />
            <AreaField name="description" label={t('policies.description')} rows={2} />
            <HolderPicks chosen={holders} onChange={(next) => form.set('holders', next)} />
            <p className="quiet">{t('policies.attachLater')}</p>
          </Form>
        </div>
        <section className="panel policy-side" aria-label={t('policies.willSay')}>
          <h2>{t('policies.willSay')}</h2>
          <Summary text={document} />
          <DocumentWarnings text={document} />
        </section>
      </div>
      <div className="policy-foot">
        <Button onClick={onBack}>{t('policies.back')}</Button>
        <Button theme="primary" type="submit" form="new-policy" isBusy={form.isBusy}>
          {t('policies.finish')}
        </Button>
      </div>
      {isAsking && (
        <DeniesMe
          run={async () => {
            setAsking(false)
            await form.send()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

/** What to do next. */
function Made({ id, name }: { readonly id: number; readonly name: string }) {
  const { t } = useWords()
  return (
    <section className="panel" aria-label={t('policies.created', { name })}>
      <h2>{t('policies.created', { name })}</h2>
      <p>{t('policies.whatNext')}</p>
      <div className="row">
        <LinkButton theme="primary" to={paths.accessDetail('policies', id, 'document')}>
          {t('policies.showPolicy')}
        </LinkButton>
        <LinkButton to={paths.accessDetail('policies', id, 'attached')}>
          {t('policies.attachMore')}
        </LinkButton>
        <LinkButton to={paths.access('simulator')}>{t('policies.tryIt')}</LinkButton>
      </div>
    </section>
  )
}
