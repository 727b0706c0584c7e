// The Personal Edition of a region. Who comes for the first time sets a password before anything else.

import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { CleanUpPage } from './clean-up.tsx'
import { FavouritesPage } from './favourites.tsx'
import { Initialise } from './initialise.tsx'
import { MigrationPage } from './migration.tsx'
import { NamespacesPage } from './namespaces.tsx'
import { PasswordPage } from './password.tsx'
import { RepositoriesPage } from './repositories.tsx'
import './personal.css'

export interface PersonalPageProps {
  readonly region: string
}

type PersonalPart = (props: PersonalPageProps) => React.ReactNode

const pages: Readonly<Record<string, readonly [WordKey, PersonalPart]>> = {
  repositories: ['personal.repositories', RepositoriesPage],
  namespaces: ['personal.namespaces', NamespacesPage],
  favourites: ['personal.favourites', FavouritesPage],
  cleanup: ['personal.cleanUp', CleanUpPage],
  password: ['personal.password', PasswordPage],
  migration: ['personal.migration', MigrationPage],
}

export function PersonalPage() {
  const { t } = useWords()
  const { region = '', page = '' } = useParams({ strict: false })
  const [title, Page] = pages[page] ?? ['personal.repositories', RepositoriesPage]
  useTitle(`${t(title)} · ${t('personal.title')}`)
  const { roleName } = usePerson()
  const [isSkipped, setSkipped] = useState(false)
  const { data: deployment, error } = useRead('DescribeDeployment', {})
  const { data: quotas, error: failed } = useRead('DescribeQuotaPersonal', {})
  if (error || failed) return <Failed error={error ?? failed} />
  if (!deployment || !quotas) return <Skeleton />
  if (deployment.PersonalHost === null) {
    return (
      <>
        <h1 tabIndex={-1}>{t('personal.title')}</h1>
        <Empty title={t('personal.noHost')}>{t('personal.noHostAbout')}</Empty>
      </>
    )
  }
  // A role has no password there; who has colleagues may look at what is there already.
  const hasSomething = quotas.Quotas.some(({ Name, Used }) => Name === 'Namespaces' && Used)
  if (!quotas.HasBegun && !roleName && !isSkipped) {
    return <Initialise {...(hasSomething && { skip: () => setSkipped(true) })} />
  }
  return <Page key={region} region={region} />
}
