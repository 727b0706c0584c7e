// The way into an instance of one's own, step by step: namespaces, instance, names there, summary; then its job.

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { Migrations } from './migration-list.tsx'
import { MigrationResult } from './migration-result.tsx'
import {
  ChooseInstance,
  ChooseNames,
  ChooseNamespaces,
  type MigrationPlan,
  Summary,
  targetOf,
} from './migration-steps.tsx'
import type { PersonalPageProps } from './personal.tsx'

interface Step {
  readonly word: WordKey
  isDone(plan: MigrationPlan): boolean
}

const namePattern = /^(?=.{2,30}$)[a-z0-9]+(?:[._-][a-z0-9]+)*$/

const steps: readonly Step[] = [
  { word: 'personal.stepNamespaces', isDone: ({ namespaces }) => namespaces.length > 0 },
  { word: 'personal.stepInstance', isDone: ({ instance }) => instance !== '' },
  {
    word: 'personal.stepNames',
    isDone: (plan) => plan.namespaces.every((name) => namePattern.test(targetOf(plan, name))),
  },
  { word: 'personal.stepSummary', isDone: () => true },
]

const emptyPlan: MigrationPlan = { namespaces: [], instance: '', targets: {}, overrides: false }

export function MigrationPage({ region }: PersonalPageProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const [plan, setPlan] = useState(emptyPlan)
  const [job, setJob] = useState<string>()
  const { step, goTo } = useStep(plan)
  const migrate = useChange('MigratePersonalNamespace')
  const set = (changed: Partial<MigrationPlan>) => setPlan((all) => ({ ...all, ...changed }))
  const { data } = useRead('DescribeInstances', { AllRegion: true, Limit: shownInstances })
  const instances = data?.Registries ?? []
  async function begin(): Promise<void> {
    try {
      const { JobId } = await migrate.mutateAsync({
        RegistryId: plan.instance,
        Namespaces: plan.namespaces.map((Namespace) => ({
          Namespace,
          DestinationNamespace: targetOf(plan, Namespace),
        })),
        Override: plan.overrides,
      })
      setJob(JobId)
    } catch (error) {
      tellError(error)
    }
  }
  const isLast = step === steps.length - 1
  const resource = `repository/${plan.instance}/*`
  const { may, isKnown } = useRights([['tcr:PushRepository', resource]])
  const isForeign = plan.instance !== '' && isKnown && !may('tcr:PushRepository', resource)
  const whyNot = !steps[step]?.isDone(plan)
    ? t('personal.finishStep')
    : step > 0 && isForeign
      ? t('personal.mayNotPush')
      : undefined
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: t('personal.title'), to: paths.personal(region) },
          { label: t('personal.migration') },
        ]}
      />
      <header className="page-head">
        <h1 tabIndex={-1}>{t('personal.migration')}</h1>
        <p className="page-about">{t('personal.migrationAbout')}</p>
      </header>
      {job !== undefined ? (
        <MigrationResult
          instance={plan.instance}
          job={job}
          again={() => {
            setJob(undefined)
            setPlan(emptyPlan)
            goTo(0)
          }}
        />
      ) : (
        <div className="wizard">
          <StepList step={step} />
          <section className="panel" aria-labelledby="wizard-step">
            <h2 id="wizard-step">{t(steps[step]?.word ?? 'personal.stepSummary')}</h2>
            {step === 0 && <ChooseNamespaces plan={plan} set={set} />}
            {step === 1 && <ChooseInstance plan={plan} set={set} instances={instances} />}
            {step === 2 && <ChooseNames plan={plan} set={set} />}
            {isLast && <Summary plan={plan} set={set} instances={instances} />}
            <div className="form-foot">
              {step > 0 && <Button onClick={() => goTo(step - 1)}>{t('personal.back')}</Button>}
              <Button
                theme="primary"
                isBusy={migrate.isPending}
                blocked={whyNot}
                onClick={() => (isLast ? void begin() : goTo(step + 1))}
              >
                {t(isLast ? 'personal.begin' : 'personal.next')}
              </Button>
            </div>
          </section>
        </div>
      )}
      {plan.instance !== '' && job === undefined && <Migrations instance={plan.instance} />}
    </>
  )
}

const shownInstances = 100

/** Each step is an entry of the browser's history; none is reached before those it depends on. */
function useStep(plan: MigrationPlan) {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const asked = Number(search.step ?? 1) - 1
  const open = steps.findIndex((step) => !step.isDone(plan))
  const most = open === -1 ? steps.length - 1 : open
  const step = Number.isInteger(asked) ? Math.max(0, Math.min(asked, most)) : 0
  return {
    step,
    goTo: (next: number) =>
      void navigate({ to: '.', search: () => (next === 0 ? {} : { step: String(next + 1) }) }),
  }
}

function StepList({ step }: { readonly step: number }) {
  const { t } = useWords()
  return (
    <ol className="wizard-steps" aria-label={t('personal.steps')}>
      {steps.map(({ word }, index) => (
        <li
          key={word}
          aria-current={index === step ? 'step' : undefined}
          className={index < step ? 'wizard-done' : ''}
        >
          <span aria-hidden="true">{index < step ? '✓' : index + 1}</span>
          {t(word)}
        </li>
      ))}
    </ol>
  )
}
