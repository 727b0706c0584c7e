// How actions name a repository, and what may be done in it.

import type { RepositoryAt } from '../../paths.ts'
import { type Right, useRights } from '../../patterns/rights.ts'
import { resourceOf } from './repository-path.ts'

export function inRepository({ instance, namespace, path }: RepositoryAt) {
  return { RegistryId: instance, NamespaceName: namespace, RepositoryName: path }
}

export function fullPath({ namespace, path }: Pick<RepositoryAt, 'namespace' | 'path'>): string {
  return `${namespace}/${path}`
}

/** What its pages offer: asked once for each. */
export function useRepositoryRights(at: RepositoryAt) {
  const resource = resourceOf(at.instance, fullPath(at))
  const right = (action: string): Right => [action, resource]
  const rights = useRights([
    right('tcr:ModifyRepository'),
    right('tcr:DeleteRepository'),
    right('tcr:DeleteRepositoryTags'),
    right('tcr:DeleteImage'),
    right('tcr:DuplicateImage'),
    ['tcr:DuplicateImage', resourceOf(at.instance, '*')],
    right('tcr:RestoreDeletion'),
    right('tcr:DeletePermanently'),
    right('tcr:DescribeImageManifests'),
    ['cloudaudit:LookUpEvents'],
  ])
  const may = (action: string) => rights.may(action, resource)
  return {
    mayModify: may('tcr:ModifyRepository'),
    mayDelete: may('tcr:DeleteRepository'),
    mayDeleteTags: may('tcr:DeleteRepositoryTags'),
    mayDeleteDigest: may('tcr:DeleteImage'),
    /** Past the recycle bin. */
    mayDeleteForGood: may('tcr:DeletePermanently') && may('tcr:DeleteImage'),
    /** From here, to somewhere. */
    mayCopy:
      may('tcr:DuplicateImage') && rights.may('tcr:DuplicateImage', resourceOf(at.instance, '*')),
    /** Within it: a tag more, or one that points elsewhere. */
    mayRetag: may('tcr:DuplicateImage'),
    mayRestore: may('tcr:RestoreDeletion'),
    mayRead: may('tcr:DescribeImageManifests'),
    mayAudit: rights.may('cloudaudit:LookUpEvents'),
  }
}

export type RepositoryRights = ReturnType<typeof useRepositoryRights>
