// Turning a credential of one's own on or off.

import { useChange } from '../../api/use-api.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'

/** Of `ModifyFlag`. */
export const switches = 2

export function useSwitch(instance: string) {
  const { t } = useWords()
  const { tell, tellError } = useNotices()
  const modify = useChange('ModifyInstanceToken')
  return (id: string, isOn: boolean, name: string): void => {
    modify
      .mutateAsync({ RegistryId: instance, TokenId: id, ModifyFlag: switches, Enable: isOn })
      .then(
        () => tell(t(isOn ? 'credentials.wasEnabled' : 'credentials.wasDisabled', { name })),
        tellError,
      )
  }
}
