// What a list of repositories needs beside its rows: their figures, what may be done with them, the namespaces.

import type { Reply } from '../../api/call.ts'
import { useRead, useReads } from '../../api/use-api.ts'
import type { Filter } from '../../patterns/list-page.tsx'
import { type Right, useRights } from '../../patterns/rights.ts'
import { useWords } from '../../words/use-words.ts'
import { resourceOf } from './repository-path.ts'

export type RepositoryFigures = Reply<'DescribeRepositoryStatistics'>['Statistics'][number]

/** Rows of a page of the list: one call for each page. */
const figuresPerCall = 100

export function useRepositoryFigures(
  instance: string,
  paths: readonly string[],
): ReadonlyMap<string, RepositoryFigures> {
  const pages: string[][] = []
  for (let at = 0; at < paths.length; at += figuresPerCall) {
    pages.push(paths.slice(at, at + figuresPerCall))
  }
  const replies = useReads(
    'DescribeRepositoryStatistics',
    pages.map((page) => ({
      RegistryId: instance,
      RepositoryPaths: page,
      Limit: figuresPerCall,
    })),
  )
  return new Map(
    replies.flatMap(({ data }) =>
      (data?.Statistics ?? []).map((one) => [`${one.NamespaceName}/${one.RepositoryName}`, one]),
    ),
  )
}

/** So many can be asked at once, less those of the page itself. */
const maxAskedRows = 198

export function useListRights(instance: string, paths: readonly string[]) {
  const some = resourceOf(instance, '*')
  const create: Right = ['tcr:CreateRepository', some]
  const remove: Right = ['tcr:DeleteRepository', some]
  const asked = paths.slice(0, maxAskedRows)
  const rights = useRights([
    create,
    remove,
    ...asked.map((path): Right => ['tcr:DeleteRepository', resourceOf(instance, path)]),
  ])
  return {
    mayCreate: rights.may(...create),
    mayDeleteSome: rights.may(...remove),
    /** Of those far down it isn't asked; the server decides. */
    mayDelete: (path: string): boolean =>
      rights.may(...remove) &&
      (!asked.includes(path) || rights.may('tcr:DeleteRepository', resourceOf(instance, path))),
  }
}

/** The API's page; in more namespaces than that one searches by name. */
const maxNamespaces = 200

export function useNamespaceFilter(instance: string, isWanted: boolean): readonly Filter[] {
  const { t } = useWords()
  const { data } = useRead(
    'DescribeNamespaces',
    { RegistryId: instance, Limit: maxNamespaces },
    { isEnabled: isWanted },
  )
  if (!isWanted) return []
  const choices = (data?.NamespaceList ?? []).map(({ Name }) => ({ value: Name, label: Name }))
  return [{ name: 'namespace', label: t('repositories.namespace'), choices }]
}
