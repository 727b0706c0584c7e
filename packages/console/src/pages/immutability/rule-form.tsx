// A rule with its preview: which tags it covers, as it is typed.

import { useDeferredValue } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import {
  CheckField,
  FixedField,
  RadioField,
  SelectField,
  TextField,
} from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import type { Rule } from './immutability.tsx'
import './immutability.css'

interface RuleFormProps {
  readonly instance: string
  /** Undefined: a new one. */
  readonly rule: Rule | undefined
  /** Those without a rule. */
  readonly namespaces: readonly string[]
  onClose(): void
}

interface Values {
  readonly namespace: string
  readonly kind: string
  readonly repositoryMode: string
  readonly repositoryPattern: string
  readonly tagMode: string
  readonly tagPattern: string
  readonly isOn: boolean
}

const latest = 'latest'

function isButLatest(rule: Rule): boolean {
  const isAll = rule.RepositoryPattern === '**' && rule.RepositoryDecoration === 'repoMatches'
  return isAll && rule.TagPattern === latest && rule.TagDecoration === 'excludes'
}

function valuesOf(rule: Rule | undefined, namespaces: readonly string[]): Values {
  return {
    namespace: rule?.NsName ?? (namespaces.length === 1 ? (namespaces[0] ?? '') : ''),
    kind: !rule || isButLatest(rule) ? latest : 'custom',
    repositoryMode: rule?.RepositoryDecoration ?? 'repoMatches',
    repositoryPattern: rule?.RepositoryPattern ?? '**',
    tagMode: rule?.TagDecoration ?? 'matches',
    tagPattern: rule?.TagPattern ?? '**',
    isOn: !rule?.Disabled,
  }
}

function ruleOf(values: Values) {
  const isOwn = values.kind !== latest
  return {
    RepositoryPattern: isOwn ? values.repositoryPattern : '**',
    RepositoryDecoration:
      isOwn && values.repositoryMode === 'repoExcludes'
        ? ('repoExcludes' as const)
        : ('repoMatches' as const),
    TagPattern: isOwn ? values.tagPattern : latest,
    TagDecoration:
      !isOwn || values.tagMode === 'excludes' ? ('excludes' as const) : ('matches' as const),
    Disabled: !values.isOn,
  }
}

export function RuleForm({ instance, rule, namespaces, onClose }: RuleFormProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { instance: shown } = useInstance(instance)
  const create = useChange('CreateImmutableTagRules')
  const modify = useChange('ModifyImmutableTagRules')
  const form = useForm<Values>({
    initial: valuesOf(rule, namespaces),
    check: ({ namespace }) => ({
      namespace: namespace === '' ? t('immutability.chooseNamespace') : undefined,
    }),
    submit: (values) => {
      const input = { RegistryId: instance, NamespaceName: values.namespace, Rule: ruleOf(values) }
      return rule
        ? modify.mutateAsync({ ...input, RuleId: rule.RuleId })
        : create.mutateAsync(input)
    },
    apiNames: {
      namespace: 'NamespaceName',
      repositoryPattern: 'RepositoryPattern',
      tagPattern: 'TagPattern',
    },
  })
  const { values } = form
  const title = t(rule ? 'immutability.configureTitle' : 'immutability.create')
  return (
    <FormDialog
      title={title}
      form={form}
      verb={rule ? t('patterns.save') : t('immutability.create')}
      onClose={onClose}
      onDone={() => {
        tell(t('immutability.saved', { name: values.namespace }))
        onClose()
      }}
      below={<Preview instance={instance} values={values} />}
    >
      <FixedField label={t('immutability.instance')}>{shown?.RegistryName ?? instance}</FixedField>
      {rule ? (
        <FixedField label={t('immutability.namespace')}>{rule.NsName}</FixedField>
      ) : (
        <SelectField
          name="namespace"
          label={t('immutability.namespace')}
          help={t('immutability.namespaceHelp')}
          none={t('immutability.chooseNamespace')}
          choices={namespaces.map((value) => ({ value, label: value }))}
          isRequired
          isFinal
        />
      )}
      <RadioField
        name="kind"
        label={t('immutability.rule')}
        choices={[
          {
            value: latest,
            label: t('immutability.butLatest'),
            help: t('immutability.butLatestHelp'),
          },
          { value: 'custom', label: t('immutability.custom') },
        ]}
      />
      {values.kind === 'custom' && <PatternFields />}
      <CheckField name="isOn" label={t('immutability.enable')} isSwitch />
    </FormDialog>
  )
}

function PatternFields() {
  const { t } = useWords()
  const modes = (matches: string, excludes: string) => [
    { value: matches, label: t('immutability.matches') },
    { value: excludes, label: t('immutability.excludes') },
  ]
  return (
    <>
      <SelectField
        name="repositoryMode"
        label={t('immutability.repositoryMatch')}
        choices={modes('repoMatches', 'repoExcludes')}
      />
      <TextField name="repositoryPattern" label={t('immutability.repositoryPattern')} />
      <SelectField
        name="tagMode"
        label={t('immutability.tagMatch')}
        choices={modes('matches', 'excludes')}
      />
      <TextField name="tagPattern" label={t('immutability.tagPattern')} />
      <PatternHelp />
    </>
  )
}

/** The seven of the product's documents. */
const examples: readonly (readonly [string, WordKey])[] = [
  ['**', 'immutability.exampleAll'],
  ['path*', 'immutability.examplePrefix'],
  ['{path1, path2}*', 'immutability.exampleTwoPrefixes'],
  ['{path1, path2}/**', 'immutability.exampleBelow'],
  ['{path1, path2}*/**', 'immutability.exampleAllPrefixes'],
  ['1.?', 'immutability.exampleOne'],
  ['{env1*, env2*}', 'immutability.exampleTags'],
]

function PatternHelp() {
  const { t } = useWords()
  return (
    <details>
      <summary>{t('immutability.patterns')}</summary>
      <p className="field-help">{t('immutability.notRegular')}</p>
      <dl className="pattern-examples">
        {examples.map(([pattern, meaning]) => (
          <div key={pattern}>
            <dt>
              <code>{pattern}</code>
            </dt>
            <dd>{t(meaning)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

function Preview({ instance, values }: { readonly instance: string; readonly values: Values }) {
  const { t } = useWords()
  const asked = useDeferredValue(values)
  const { data, error } = useRead(
    'DescribeImmutabilityCoverage',
    {
      RegistryId: instance,
      NamespaceName: asked.namespace,
      Rule: ruleOf({ ...asked, isOn: true }),
    },
    { isEnabled: asked.namespace !== '', keepsPrevious: true },
  )
  if (asked.namespace === '' || error) return null
  return (
    <section className="rule-preview" aria-live="polite">
      <h3>{t('immutability.preview')}</h3>
      {data && (
        <>
          <p>
            {t('immutability.covers', { n: data.CoveredTagCount, all: data.TagCount })}
            {!data.IsWhole && t('immutability.andMore')}
          </p>
          <ul>
            {data.Examples.map(({ RepositoryName, Tag }) => (
              <li key={`${RepositoryName}:${Tag}`}>
                <code>
                  {RepositoryName}:{Tag}
                </code>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
