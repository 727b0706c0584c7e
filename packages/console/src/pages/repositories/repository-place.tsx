// A page below a repository: the repository itself, one of its images, or two of them compared. `-` ends its path.

import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { NoPage } from '../../frame/no-page.tsx'
import { useInstanceId } from '../../frame/use-instance.ts'
import { parseRepositoryPlace } from '../../paths.ts'
import { Skeleton } from '../../patterns/states.tsx'
import { withWords } from '../../words/load-words.ts'
import { RepositoryPage } from './repository.tsx'

const ImagePage = lazy(withWords(['images', 'repositories'], () => import('../images/image.tsx')))
const ComparePage = lazy(
  withWords(['images', 'repositories'], () => import('../images/compare.tsx')),
)

export function RepositoryPlacePage() {
  const instance = useInstanceId()
  const { namespace = '', _splat = '' } = useParams({ strict: false })
  const place = parseRepositoryPlace(_splat)
  if (!place) return <NoPage />
  const at = { instance, namespace, path: place.path }
  switch (place.page) {
    case 'repository':
      return <RepositoryPage at={at} tab={place.tab} />
    case 'image':
      return (
        <Suspense fallback={<Skeleton />}>
          <ImagePage at={at} reference={place.tag} isTag tab={place.tab} />
        </Suspense>
      )
    case 'digest':
      return (
        <Suspense fallback={<Skeleton />}>
          <ImagePage at={at} reference={place.digest} isTag={false} tab={place.tab} />
        </Suspense>
      )
    case 'compare':
      return (
        <Suspense fallback={<Skeleton />}>
          <ComparePage at={at} />
        </Suspense>
      )
  }
}
