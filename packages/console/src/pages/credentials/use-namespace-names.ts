import { useRead } from '../../api/use-api.ts'

/** All that this person may see, for the grid. */
export function useNamespaceNames(instance: string) {
  const { data, error, refetch } = useRead('DescribeNamespaces', {
    RegistryId: instance,
    All: true,
  })
  return { names: data?.NamespaceList.map(({ Name }) => Name), error, refetch }
}
