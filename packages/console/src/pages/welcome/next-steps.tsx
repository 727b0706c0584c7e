// What one does after the first image, as far as this person may.

import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { type Right, useRights } from '../../patterns/rights.ts'
import { useWords, type WordKey } from '../../words/use-words.ts'

interface NextStep {
  readonly label: WordKey
  readonly to: string
  readonly needs?: Right
}

export function NextSteps({ instance }: { readonly instance: string }) {
  const { t } = useWords()
  const steps: readonly NextStep[] = [
    {
      label: 'welcome.nextNamespace',
      to: paths.namespaces(instance),
      needs: ['tcr:CreateNamespace', `repository/${instance}/*`],
    },
    {
      label: 'welcome.nextServiceAccount',
      to: paths.newServiceAccount(instance),
      needs: ['tcr:CreateServiceAccount', `instance/${instance}`],
    },
    { label: 'welcome.nextUser', to: paths.access('users'), needs: ['cam:AddUser'] },
    { label: 'welcome.nextCredential', to: paths.userCredentials(instance) },
  ]
  const { may } = useRights(steps.flatMap(({ needs }) => (needs ? [needs] : [])))
  return (
    <Panel title={t('welcome.next')}>
      <div className="row">
        {steps
          .filter(({ needs }) => needs === undefined || may(...needs))
          .map(({ label, to }) => (
            <LinkButton key={label} to={to}>
              {t(label)}
            </LinkButton>
          ))}
      </div>
    </Panel>
  )
}
