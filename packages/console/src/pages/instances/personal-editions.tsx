// The Personal Edition of each region: shared, free, with limits. It stands below the instances that are one's own.

import { Link } from '@tanstack/react-router'
import { useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Panel } from '../../patterns/detail.tsx'
import { CopyButton } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'

export function PersonalEditions() {
  const { t } = useWords()
  const { data: deployment } = useRead('DescribeDeployment', {})
  const { data } = useRead('DescribeRegions', {})
  const regions = data?.Regions ?? []
  const host = deployment?.PersonalHost ?? null
  if (regions.length === 0 || host === null) return null
  return (
    <Panel title={t('instances.personal')}>
      <p className="quiet">{t('instances.personalAbout')}</p>
      <ul className="personal-regions">
        {regions.map(({ RegionName }) => (
          <li key={RegionName}>
            <Link to={paths.personal(RegionName)}>{RegionName}</Link>
            <span className="with-copy">
              <bdi>{host}</bdi>
              <CopyButton text={host} what={host} />
            </span>
            <Link to={paths.personal(RegionName, 'password')}>
              {t('instances.personalPassword')}
            </Link>
            <Link to={paths.personal(RegionName, 'cleanup')}>{t('instances.personalCleanUp')}</Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
