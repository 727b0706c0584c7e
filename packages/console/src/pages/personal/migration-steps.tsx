// The steps of the way into an instance, each a part of the plan.

import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { pageRows, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Facts } from '../../patterns/detail.tsx'
import { Chip } from '../../patterns/shown.tsx'
import { Banner, Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

export interface MigrationPlan {
  /** Of the Personal Edition. */
  readonly namespaces: readonly string[]
  /** Empty: not chosen yet. */
  readonly instance: string
  /** What a namespace becomes, where that is another name. */
  readonly targets: Readonly<Record<string, string>>
  readonly overrides: boolean
}

export function targetOf({ targets }: MigrationPlan, namespace: string): string {
  return targets[namespace] ?? namespace
}

interface StepProps {
  readonly plan: MigrationPlan
  set(changed: Partial<MigrationPlan>): void
}

type Instances = NonNullable<Reply<'DescribeInstances'>['Registries']>

export function ChooseNamespaces({ plan, set }: StepProps) {
  const { t } = useWords()
  const { data, error } = useRead('DescribeNamespacePersonal', {
    Namespace: '',
    Limit: pageRows,
    Offset: 0,
  })
  if (error) return <Failed error={error} />
  if (!data) return <Skeleton />
  const all = data.Data.NamespaceInfo
  if (all.length === 0) return <Empty title={t('personal.noNamespace')} />
  const isWhole = all.every(({ Namespace: name }) => plan.namespaces.includes(name))
  const turn = (name: string, isIn: boolean) =>
    set({
      namespaces: isIn
        ? [...plan.namespaces, name]
        : plan.namespaces.filter((other) => other !== name),
    })
  return (
    <fieldset>
      <legend className="spoken">{t('personal.stepNamespaces')}</legend>
      <label className="choice">
        <input
          type="checkbox"
          checked={isWhole}
          onChange={() =>
            set({ namespaces: isWhole ? [] : all.map(({ Namespace: name }) => name) })
          }
        />
        <span>{t('personal.allOfThem')}</span>
      </label>
      <hr />
      {all.map(({ Namespace: name, RepoCount }) => (
        <label key={name} className="choice">
          <input
            type="checkbox"
            checked={plan.namespaces.includes(name)}
            onChange={(event) => turn(name, event.target.checked)}
          />
          <span>
            <bdi>{name}</bdi>{' '}
            <span className="quiet">{t('personal.repositoryCount', { n: RepoCount })}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

interface InstanceStepProps extends StepProps {
  readonly instances: Instances
}

export function ChooseInstance({ plan, set, instances }: InstanceStepProps) {
  const { t } = useWords()
  const running = instances.filter(({ Status }) => Status === 'Running')
  if (running.length === 0) {
    return (
      <Empty title={t('personal.noInstance')}>
        <Link to={paths.newInstance()}>{t('personal.createInstance')}</Link>
      </Empty>
    )
  }
  return (
    <fieldset>
      <legend className="spoken">{t('personal.stepInstance')}</legend>
      {running.map(({ RegistryId, RegistryName, RegionName }) => (
        <label key={RegistryId} className="choice">
          <input
            type="radio"
            name="migration-instance"
            checked={plan.instance === RegistryId}
            onChange={() => set({ instance: RegistryId })}
          />
          <span>
            <bdi>{RegistryName}</bdi>{' '}
            <span className="quiet">
              {RegistryId} · {RegionName}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** Which of the names there are in the instance already. */
function useTaken(plan: MigrationPlan): ReadonlySet<string> | undefined {
  const names = [...new Set(plan.namespaces.map((name) => targetOf(plan, name)))]
  const { data } = useRead(
    'DescribeNamespaceStatistics',
    { RegistryId: plan.instance, NamespaceNames: names, Limit: pageRows },
    { keepsPrevious: true },
  )
  return data && new Set(data.Statistics.map(({ NamespaceName }) => NamespaceName))
}

export function ChooseNames({ plan, set }: StepProps) {
  const { t } = useWords()
  const taken = useTaken(plan)
  return (
    <>
      <p className="quiet">{t('personal.namesAbout')}</p>
      {plan.namespaces.map((name) => {
        const target = targetOf(plan, name)
        return (
          <label key={name} className="field">
            <span className="field-label">
              {t('personal.becomes', { name })}{' '}
              {taken?.has(target) ? (
                <Chip tone="warn">{t('personal.isThere')}</Chip>
              ) : (
                <Chip>{t('personal.isMade')}</Chip>
              )}
            </span>
            <span className="input">
              <input
                value={target}
                maxLength={30}
                spellCheck={false}
                onChange={(event) =>
                  set({ targets: { ...plan.targets, [name]: event.target.value } })
                }
              />
            </span>
          </label>
        )
      })}
      <label className="choice">
        <input
          type="checkbox"
          checked={plan.overrides}
          onChange={(event) => set({ overrides: event.target.checked })}
        />
        <span>
          {t('personal.override')}
          <small className="field-help">{t('personal.overrideHelp')}</small>
        </span>
      </label>
    </>
  )
}

export function Summary({ plan, instances }: InstanceStepProps) {
  const { t } = useWords()
  const taken = useTaken(plan)
  const target = instances.find(({ RegistryId }) => RegistryId === plan.instance)
  return (
    <>
      <Facts
        facts={[
          {
            label: t('personal.stepInstance'),
            value: `${target?.RegistryName ?? ''} (${plan.instance})`,
          },
          {
            label: t('personal.existing'),
            value: t(plan.overrides ? 'personal.areReplaced' : 'personal.stay'),
          },
        ]}
      />
      <ul className="personal-names">
        {plan.namespaces.map((name) => (
          <li key={name}>
            <bdi>{name}</bdi> → <bdi>{targetOf(plan, name)}</bdi>{' '}
            <span className="quiet">
              {t(taken?.has(targetOf(plan, name)) ? 'personal.isThere' : 'personal.isMade')}
            </span>
          </li>
        ))}
      </ul>
      <Banner>{t('personal.migrationNote')}</Banner>
    </>
  )
}
