// The docs, as the server has them: the same files that stand in the repository.

import { useQuery } from '@tanstack/react-query'
import { basePath } from './call.ts'

/** Undefined: there is no such page. */
export function useDocsPage(page: string) {
  return useQuery({
    queryKey: ['docs', page],
    queryFn: async ({ signal }) => {
      const response = await fetch(`${basePath}docs/${encodeURIComponent(page)}.md`, { signal })
      return response.ok ? response.text() : null
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}
