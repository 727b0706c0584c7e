// The job of a migration that was begun: how far it is, and what to do next.

import { Link } from '@tanstack/react-router'
import { useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { isUnderWay, MigrationBar, MigrationState } from './migration-list.tsx'

interface MigrationResultProps {
  readonly instance: string
  readonly job: string
  again(): void
}

const liveMs = 2000

export function MigrationResult({ instance, job, again }: MigrationResultProps) {
  const { t } = useWords()
  const { data, error } = useRead(
    'DescribePersonalNamespaceMigrations',
    { RegistryId: instance, JobId: job },
    {
      everyMs: (reply) => {
        const [one] = reply?.Migrations ?? []
        return one && !isUnderWay(one) ? undefined : liveMs
      },
    },
  )
  const migration = data?.Migrations[0]
  if (error) return <Failed error={error} />
  if (!migration) return <Skeleton />
  const isOver = !isUnderWay(migration)
  return (
    <Panel title={t(isOver ? 'personal.migrationOver' : 'personal.migrationRuns')}>
      <MigrationBar migration={migration} />
      {migration.State === 'Failed' && <Banner tone="bad">{migration.Reason}</Banner>}
      {migration.TagsFailed > 0 && (
        <Banner tone="warn">
          {t('personal.tagsFailed', { n: migration.TagsFailed })}{' '}
          <Link to={paths.job(job)}>{t('personal.openJob')}</Link>
        </Banner>
      )}
      <Facts
        facts={[
          { label: t('personal.state'), value: <MigrationState migration={migration} /> },
          {
            label: t('personal.repositories'),
            value: `${migration.RepositoriesDone} / ${migration.RepositoryCount}`,
          },
          { label: t('personal.tags'), value: `${migration.TagsDone} / ${migration.TagCount}` },
        ]}
      />
      {!isOver && <p className="quiet">{t('personal.leaveIt')}</p>}
      <div className="row">
        <LinkButton to={paths.job(job)}>{t('personal.openJob')}</LinkButton>
        {isOver && (
          <>
            <LinkButton to={paths.repositories(instance)}>{t('personal.openInstance')}</LinkButton>
            <LinkButton to={paths.userCredentials(instance)}>
              {t('personal.openCredentials')}
            </LinkButton>
            <Button onClick={again}>{t('personal.moveMore')}</Button>
          </>
        )}
      </div>
    </Panel>
  )
}
