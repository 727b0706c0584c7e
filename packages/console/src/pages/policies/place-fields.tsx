// Picks what a policy or a simulation is about, from what there really is: instances, namespaces, repositories.

import { useRead } from '../../api/use-api.ts'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { Chooser, Written } from './labelled.tsx'
import type { Picked } from './resource-names.ts'

export type PickKind = Picked['kind']

/** What was chosen so far, of any kind: changing the kind keeps the rest. */
export interface Pick {
  readonly kind: PickKind
  readonly instance: string
  readonly namespace: string
  readonly path: string
  readonly text: string
}

export const noPick: Pick = { kind: 'repository', instance: '', namespace: '', path: '', text: '' }

export const kindWords: Readonly<Record<PickKind, WordKey>> = {
  instance: 'policies.anInstance',
  contents: 'policies.instanceContents',
  namespace: 'policies.aNamespace',
  repository: 'policies.aRepository',
  personalNamespace: 'policies.aPersonalNamespace',
  personalRepository: 'policies.aPersonalRepository',
  other: 'policies.aResource',
}

/** Undefined while something is missing. */
export function pickedOf(pick: Pick): Picked | undefined {
  const { kind, instance, namespace, path, text } = pick
  switch (kind) {
    case 'instance':
    case 'contents':
      return instance === '' ? undefined : { kind, instance }
    case 'namespace':
      return instance === '' || namespace === '' ? undefined : { kind, instance, namespace }
    case 'repository':
      if (instance === '' || namespace === '' || path === '') return undefined
      return { kind, instance, namespace, path }
    case 'personalNamespace':
      return namespace === '' ? undefined : { kind, namespace }
    case 'personalRepository':
      return namespace === '' || path === '' ? undefined : { kind, namespace, path }
    case 'other':
      return text.trim() === '' ? undefined : { kind, text: text.trim() }
  }
}

interface PlaceFieldsProps {
  readonly pick: Pick
  readonly kinds: readonly PickKind[]
  onPick(pick: Pick): void
}

const shown = 100
const example = 'qcs::tcr:::repository/…'

export function PlaceFields({ pick, kinds, onPick }: PlaceFieldsProps) {
  const { t } = useWords()
  const isPersonal = pick.kind === 'personalNamespace' || pick.kind === 'personalRepository'
  const hasPath = pick.kind === 'repository' || pick.kind === 'personalRepository'
  const hasNamespace = hasPath || pick.kind === 'namespace' || isPersonal
  return (
    <>
      {kinds.length > 1 && (
        <Chooser
          label={t('policies.kindOfResource')}
          value={pick.kind}
          choices={kinds.map((kind) => ({ value: kind, label: t(kindWords[kind]) }))}
          onChange={(kind) =>
            onPick({ ...pick, kind: kinds.find((one) => one === kind) ?? 'other' })
          }
        />
      )}
      {pick.kind === 'other' ? (
        <Written
          label={t('policies.sixSegments')}
          placeholder={example}
          value={pick.text}
          onChange={(text) => onPick({ ...pick, text })}
        />
      ) : (
        !isPersonal && <InstanceField pick={pick} onPick={onPick} />
      )}
      {hasNamespace && <NamespaceField pick={pick} isPersonal={isPersonal} onPick={onPick} />}
      {hasPath && <RepositoryField pick={pick} isPersonal={isPersonal} onPick={onPick} />}
    </>
  )
}

type FieldProps = Omit<PlaceFieldsProps, 'kinds'>

function InstanceField({ pick, onPick }: FieldProps) {
  const { t } = useWords()
  const { data } = useRead('DescribeInstances', { AllRegion: true, Limit: shown })
  const choices = (data?.Registries ?? []).map(({ RegistryId, RegistryName }) => ({
    value: RegistryId,
    label: `${RegistryName} (${RegistryId})`,
  }))
  return (
    <Chooser
      label={t('policies.instance')}
      value={pick.instance}
      none={t('policies.choose')}
      choices={choices}
      onChange={(instance) => onPick({ ...pick, instance, namespace: '', path: '' })}
    />
  )
}

interface InnerProps extends FieldProps {
  readonly isPersonal: boolean
}

function NamespaceField({ pick, isPersonal, onPick }: InnerProps) {
  const { t } = useWords()
  const { instance, namespace } = pick
  const ofInstance = useRead(
    'DescribeNamespaces',
    { RegistryId: instance, Limit: shown, ...(namespace !== '' && { NamespaceName: namespace }) },
    { isEnabled: !isPersonal && instance !== '', keepsPrevious: true },
  )
  const personal = useRead(
    'DescribeNamespacePersonal',
    { Namespace: namespace, Limit: shown, Offset: 0 },
    { isEnabled: isPersonal, keepsPrevious: true },
  )
  const offers = isPersonal
    ? (personal.data?.Data?.NamespaceInfo ?? []).map(({ Namespace }) => Namespace)
    : (ofInstance.data?.NamespaceList ?? []).map(({ Name }) => Name)
  return (
    <Written
      label={t('policies.namespace')}
      value={namespace}
      offers={offers}
      onChange={(next) => onPick({ ...pick, namespace: next, path: '' })}
    />
  )
}

function RepositoryField({ pick, isPersonal, onPick }: InnerProps) {
  const { t } = useWords()
  const { instance, namespace, path } = pick
  const ofInstance = useRead(
    'DescribeRepositories',
    {
      RegistryId: instance,
      NamespaceName: namespace,
      Limit: shown,
      ...(path !== '' && { RepositoryName: path }),
    },
    { isEnabled: !isPersonal && instance !== '' && namespace !== '', keepsPrevious: true },
  )
  const personal = useRead(
    'DescribeRepositoryFilterPersonal',
    { RepoName: path, Namespace: namespace, Limit: shown, Offset: 0 },
    { isEnabled: isPersonal && namespace !== '', keepsPrevious: true },
  )
  const full = isPersonal
    ? (personal.data?.Data?.RepoInfo ?? []).map(({ RepoName }) => RepoName)
    : (ofInstance.data?.RepositoryList ?? []).map(({ Name }) => Name)
  const below = `${namespace}/`
  const offers = full.map((name) => (name.startsWith(below) ? name.slice(below.length) : name))
  return (
    <Written
      label={t('policies.repository')}
      value={path}
      offers={offers}
      onChange={(next) => onPick({ ...pick, path: next })}
    />
  )
}
