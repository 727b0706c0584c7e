// What this person may do with the namespaces of an instance.

import { type Right, useRights } from '../../patterns/rights.ts'

/** So many can be asked at once, less those of the page itself. */
const maxAskedRows = 190

export function useNamespaceRights(instance: string, names: readonly string[]) {
  const at = (name: string) => `repository/${instance}/${name}`
  const create: Right = ['tcr:CreateNamespace', at('*')]
  const removeSome: Right = ['tcr:DeleteNamespace', at('*')]
  const tagSome: Right = ['tag:TagResources', at('*')]
  const asked = names.slice(0, maxAskedRows)
  const { may } = useRights([
    create,
    removeSome,
    tagSome,
    ...asked.map((name): Right => ['tcr:DeleteNamespace', at(name)]),
  ])
  return {
    mayCreate: may(...create),
    mayTag: may(...tagSome),
    /** Of those far down it isn't asked; the server decides. */
    mayDelete: (name: string): boolean =>
      may(...removeSome) && (!asked.includes(name) || may('tcr:DeleteNamespace', at(name))),
  }
}

/** Of one. */
export function useRightsOfNamespace(instance: string, name: string) {
  const at = `repository/${instance}/${name}`
  const { may } = useRights([
    ['tcr:ModifyNamespace', at],
    ['tcr:DeleteNamespace', at],
    ['tcr:DescribeNamespaceQuota', at],
    ['tcr:ModifyNamespaceQuota', at],
    ['tag:ModifyResourceTags', at],
  ])
  return {
    mayModify: may('tcr:ModifyNamespace', at),
    mayDelete: may('tcr:DeleteNamespace', at),
    maySeeQuota: may('tcr:DescribeNamespaceQuota', at),
    maySetQuota: may('tcr:ModifyNamespaceQuota', at),
    mayTag: may('tag:ModifyResourceTags', at),
  }
}
