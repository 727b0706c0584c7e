// In which namespaces there may be triggers.

import { useRead } from '../../api/use-api.ts'

/** The API's page; more namespaces than that are found on their own page. */
const maxNamespaces = 200

export function useNamespaces(instance: string) {
  const { data, isPending } = useRead('DescribeNamespaces', {
    RegistryId: instance,
    Limit: maxNamespaces,
  })
  return { names: (data?.NamespaceList ?? []).map(({ Name }) => Name), isPending }
}
