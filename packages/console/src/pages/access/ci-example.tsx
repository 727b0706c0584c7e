// What a run of CI needs to log in by a rule: ready to be copied.

import { useState } from 'react'
import { basePath } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { useWords } from '../../words/use-words.ts'
import { useRegistryAddresses } from '../repositories/registry-address.ts'
import { githubSteps, gitlabJob } from './ci-blocks.ts'
import type { ExchangeRule } from './exchange-rule.ts'

interface CiExampleProps {
  readonly rule: ExchangeRule
  readonly onClose: () => void
}

const systems = ['GitHub Actions', 'GitLab CI'] as const

export function CiExample({ rule, onClose }: CiExampleProps) {
  const { t } = useWords()
  const [system, setSystem] = useState<(typeof systems)[number]>('GitHub Actions')
  const { data: deployment } = useRead('DescribeDeployment', {})
  const { data: found } = useRead('DescribeOidcProviders', { Name: rule.ProviderName })
  const instance = rule.RegistryId ?? deployment?.DefaultRegistryId ?? ''
  const host = useRegistryAddresses(instance)[0]?.host ?? location.host
  const facts = {
    api: `${location.origin}${basePath.replace(/console\/$/, '')}`,
    host,
    instance,
    rule: rule.RuleId,
    audience: found?.Providers?.[0]?.ClientId ?? '',
  }
  return (
    <Dialog
      title={t('access.ciTitle', { name: rule.Name })}
      form="wide"
      onClose={onClose}
      foot={
        <Button theme="primary" onClick={onClose}>
          {t('patterns.close')}
        </Button>
      }
    >
      <p>{t('access.ciAbout')}</p>
      <fieldset className="segments">
        <legend className="spoken">{t('access.ciSystem')}</legend>
        {systems.map((one) => (
          <label key={one} className="segment">
            <input
              type="radio"
              name="ci-system"
              checked={system === one}
              onChange={() => setSystem(one)}
            />
            <span>{one}</span>
          </label>
        ))}
      </fieldset>
      <CommandBlock
        lines={system === 'GitHub Actions' ? githubSteps(facts) : gitlabJob(facts)}
        label={system}
      />
    </Dialog>
  )
}
