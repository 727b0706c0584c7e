import { usePerson } from '../../frame/person.ts'
import { useInstance } from '../../frame/use-instance.ts'

/** In six segments, as cloud tags name it. */
export function useNamespaceResource(instance: string): (name: string) => string {
  const { ownerUin } = usePerson()
  const { instance: shown } = useInstance(instance)
  return (name) =>
    `qcs::tcr:${shown?.RegionName ?? ''}:uin/${ownerUin}:repository/${instance}/${name}`
}
