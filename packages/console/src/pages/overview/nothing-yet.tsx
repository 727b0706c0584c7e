// Without any instance: how to begin for who may create one; for who may not, whom to ask, and for what.

import { AddIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Empty, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { WhomToAsk } from './whom-to-ask.tsx'

const createRight = ['tcr:CreateInstance'] as const

export function NothingYet() {
  const { t } = useWords()
  const { may, isKnown } = useRights([createRight])
  const { data: deployment } = useRead('DescribeDeployment', {})
  if (!isKnown) return <Skeleton />
  const personal = deployment && deployment.PersonalHost !== null && (
    <LinkButton to={paths.personal(deployment.RegionName)}>{t('overview.toPersonal')}</LinkButton>
  )
  if (!may(...createRight)) {
    return (
      <div className="stack">
        <Empty title={t('overview.noRights')} actions={personal}>
          {t('overview.noRightsAbout')}
        </Empty>
        <WhomToAsk about={t('overview.whatToAsk')} statement={statement} />
      </div>
    )
  }
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
const statement = {
  effect: 'allow',
  action: ['tcr:DescribeInstances', 'tcr:DescribeRepositories', 'tcr:PullRepository'],
  resource: ['*'],
}
