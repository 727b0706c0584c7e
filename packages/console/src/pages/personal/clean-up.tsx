// The one rule by which old tags of all the account's repositories go: the newest ones stay, or those of the last days.

import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { CheckField, RadioField, TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

type Rule = Reply<'DescribeImageLifecycleGlobalPersonal'>['Data']['StrategyInfo'][number]

const byNumber = 'global_keep_last_nums'
const byDays = 'global_keep_last_days'
const usualNumber = 30
const maxDays = 36_500
/** Where the account has no quota of tags. */
const maxTags = 1_000_000

export function CleanUpPage() {
  const { t } = useWords()
  const { data, error } = useRead('DescribeImageLifecycleGlobalPersonal', {})
  const { data: quotas } = useRead('DescribeQuotaPersonal', {})
  const limit = quotas?.Quotas.find(({ Name }) => Name === 'TagsPerRepository')?.Limit ?? maxTags
  const rule = data?.Data.StrategyInfo[0]
  return (
    <>
      <header className="page-head">
        <h1 tabIndex={-1}>{t('personal.cleanUp')}</h1>
        <p className="page-about">{t('personal.cleanUpAbout')}</p>
      </header>
      <Banner>{t('personal.ruleIsKept')}</Banner>
      {error ? (
        <Failed error={error} />
      ) : !data || !quotas ? (
        <Skeleton />
      ) : (
        <Panel title={t('personal.rule')}>
          <RuleForm key={`${rule?.Type} ${rule?.Value}`} rule={rule} mostTags={limit} />
        </Panel>
      )}
    </>
  )
}

interface RuleFormProps {
  readonly rule: Rule | undefined
  readonly mostTags: number
}

function RuleForm({ rule, mostTags }: RuleFormProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const manage = useChange('ManageImageLifecycleGlobalPersonal')
  const remove = useChange('DeleteImageLifecycleGlobalPersonal')
  const { may } = useRights([
    ['tcr:ManageImageLifecycleGlobalPersonal', 'repo/*'],
    ['tcr:DeleteImageLifecycleGlobalPersonal', 'repo/*'],
  ])
  const mayChange =
    may('tcr:ManageImageLifecycleGlobalPersonal', 'repo/*') &&
    may('tcr:DeleteImageLifecycleGlobalPersonal', 'repo/*')
  const mostOf = (kind: string): number => (kind === byDays ? maxDays : mostTags)
  const form = useForm({
    initial: {
      enabled: rule !== undefined,
      kind: rule?.Type ?? byNumber,
      value: String(rule?.Value ?? Math.min(usualNumber, mostTags)),
    },
    check: ({ enabled, kind, value }) => {
      const number = Number(value)
      const isGood = Number.isInteger(number) && number >= 1 && number <= mostOf(kind)
      return {
        value: !enabled || isGood ? undefined : t('personal.valueRule', { most: mostOf(kind) }),
      }
    },
    submit: ({ enabled, kind, value }) =>
      enabled
        ? manage.mutateAsync({ Type: kind === byDays ? byDays : byNumber, Val: Number(value) })
        : remove.mutateAsync({}),
    apiNames: { kind: 'Type', value: 'Val' },
  })
  const { enabled, kind } = form.values
  return (
    <Form form={form} onDone={() => tell(t('personal.ruleSaved'))}>
      <CheckField name="enabled" label={t('personal.enabled')} isSwitch />
      {enabled && (
        <>
          <RadioField
            name="kind"
            label={t('personal.rule')}
            choices={[
              { value: byNumber, label: t('personal.keepNewest') },
              { value: byDays, label: t('personal.keepDays') },
            ]}
          />
          <TextField
            name="value"
            type="number"
            min={1}
            max={mostOf(kind)}
            label={t(kind === byDays ? 'personal.days' : 'personal.tagsKept')}
            help={t(kind === byDays ? 'personal.daysHelp' : 'personal.tagsKeptHelp')}
          />
        </>
      )}
      {mayChange && (
        <div className="form-foot">
          <Button
            type="submit"
            theme="primary"
            isBusy={form.isBusy}
            blocked={!enabled && !rule ? t('personal.isOffAlready') : undefined}
          >
            {t('patterns.save')}
          </Button>
        </div>
      )}
    </Form>
  )
}
