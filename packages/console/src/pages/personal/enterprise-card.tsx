// What an instance of one's own has that the Personal Edition hasn't: only what is there, with the way to it.

import { editionAuditDays, editionQuotas } from '@entrepot/contract/editions.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { formatNumber } from '../../patterns/format.ts'
import { useRights } from '../../patterns/rights.ts'
import { useWords } from '../../words/use-words.ts'

export function EnterpriseCard({ region }: { readonly region: string }) {
  const { t, locale } = useWords()
  const { may } = useRights([
    ['tcr:CreateInstance'],
    ['tcr:PullRepositoryPersonal'],
    ['tcr:PushRepository'],
  ])
  const { basic, premium } = editionQuotas
  const number = (value: number) => formatNumber(value, locale)
  return (
    <Panel title={t('personal.enterprise')}>
      <ul className="personal-adds">
        <li>{t('personal.addsOwn')}</li>
        <li>
          {t('personal.addsQuotas', {
            namespaces: `${number(basic.namespaces)}–${number(premium.namespaces)}`,
            repositories: `${number(basic.repositories)}–${number(premium.repositories)}`,
          })}
        </li>
        <li>{t('personal.addsPaths')}</li>
        <li>{t('personal.addsAccounts')}</li>
        <li>{t('personal.addsRights')}</li>
        <li>
          {t('personal.addsAudit', {
            days: `${editionAuditDays.basic}–${editionAuditDays.premium}`,
          })}
        </li>
      </ul>
      <div className="row">
        {may('tcr:CreateInstance') && (
          <LinkButton to={paths.newInstance()}>{t('personal.createInstance')}</LinkButton>
        )}
        {may('tcr:PullRepositoryPersonal') && may('tcr:PushRepository') && (
          <LinkButton to={paths.personal(region, 'migration')}>
            {t('personal.migration')}
          </LinkButton>
        )}
      </div>
    </Panel>
  )
}
