// Running a rule, with what it would do just now; and the end of a rule.

import { useNavigate } from '@tanstack/react-router'
import { useChange, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useWords } from '../../words/use-words.ts'
import { PreviewFigures } from './preview.tsx'
import { type Rule, ruleAsWire } from './rule-values.ts'
import './retention.css'

interface RunRuleProps {
  readonly instance: string
  readonly rule: Rule
  readonly isDry: boolean
  onClose(): void
}

export function RunRule({ instance, rule, isDry, onClose }: RunRuleProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const run = useChange('CreateTagRetentionExecution')
  const { data, isPending } = useRead('DescribeRetentionPreview', {
    RegistryId: instance,
    NamespaceId: rule.NamespaceId,
    ...ruleAsWire(rule),
  })
  return (
    <Confirm
      title={t(isDry ? 'retention.dryRunTitle' : 'retention.runTitle', {
        name: rule.NamespaceName,
      })}
      verb={t(isDry ? 'retention.dryRun' : 'retention.runNow')}
      isSafe={isDry}
      isWaiting={isPending}
      run={() =>
        run.mutateAsync({ RegistryId: instance, RetentionId: rule.RetentionId, DryRun: isDry })
      }
      onDone={() => void navigate({ to: paths.retentionRuns(instance, rule.RetentionId) })}
      onClose={onClose}
    >
      <p>{t(isDry ? 'retention.dryRunAbout' : 'retention.runAbout')}</p>
      <div className="rule-preview">{data && <PreviewFigures told={data} />}</div>
    </Confirm>
  )
}

interface DeleteRuleProps {
  readonly instance: string
  readonly rule: Rule
  onClose(): void
}

export function DeleteRule({ instance, rule, onClose }: DeleteRuleProps) {
  const { t } = useWords()
  const remove = useChange('DeleteTagRetentionRule')
  return (
    <Confirm
      title={t('retention.deleteTitle', { name: rule.NamespaceName })}
      verb={t('retention.deleteVerb')}
      run={() => remove.mutateAsync({ RegistryId: instance, RetentionId: rule.RetentionId })}
      onClose={onClose}
    >
      <p>{t('retention.deleteAbout')}</p>
    </Confirm>
  )
}
