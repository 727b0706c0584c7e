// Without any instance: how to begin for who may create one; for who may not, whom to ask, and for what.

import { AddIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { useRights } from '../../patterns/rights.ts'
import { FreeText } from '../../patterns/shown.tsx'
import { Empty, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

const createRight = ['tcr:CreateInstance'] as const

export function NothingYet() {
  const { t } = useWords()
  const { may, isKnown } = useRights([createRight])
  const { data: deployment } = useRead('DescribeDeployment', {})
  if (!isKnown) return <Skeleton />
  const personal = deployment && deployment.PersonalHost !== null && (
    <LinkButton to={paths.personal(deployment.RegionName)}>{t('overview.toPersonal')}</LinkButton>
  )
  if (!may(...createRight)) return <WhomToAsk personal={personal} />
  return (
    <Empty
      title={t('overview.noInstance')}
      actions={
        <>
          <LinkButton theme="primary" icon={<AddIcon />} to={paths.newInstance()}>
            {t('overview.createInstance')}
          </LinkButton>
          {personal}
        </>
      }
    >
      {t('overview.noInstanceAbout')}
    </Empty>
  )
}

/** The least that shows an instance and lets its images be pulled. */
const statement = JSON.stringify(
  {
    effect: 'allow',
    action: ['tcr:DescribeInstances', 'tcr:DescribeRepositories', 'tcr:PullRepository'],
    resource: ['*'],
  },
  undefined,
  2,
)

function WhomToAsk({ personal }: { readonly personal: React.ReactNode }) {
  const { t } = useWords()
  const { data: account } = useRead('DescribeOwnAccount', {})
  return (
    <>
      <Empty title={t('overview.noRights')} actions={personal}>
        {t('overview.noRightsAbout')}
      </Empty>
      <Panel title={t('overview.whomToAsk')}>
        {account ? (
          <ul className="administrators">
            {account.Administrators.map(({ Uin, Name, IsMain }) => (
              <li key={Uin}>
                <FreeText text={Name} /> <span className="quiet">{Uin}</span>
                {IsMain && <span className="quiet"> · {t('overview.mainAccount')}</span>}
              </li>
            ))}
          </ul>
        ) : (
          <Skeleton lines={2} />
        )}
        <p>{t('overview.whatToAsk')}</p>
        <CommandBlock label={t('patterns.statement')} lines={statement} />
      </Panel>
    </>
  )
}
