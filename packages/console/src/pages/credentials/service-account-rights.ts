// What this person may do with the service accounts of an instance.

import { useChange } from '../../api/use-api.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { useWords } from '../../words/use-words.ts'

export function useServiceAccountRights(instance: string) {
  const at = `instance/${instance}`
  const { may, isKnown } = useRights([
    ['tcr:CreateServiceAccount', at],
    ['tcr:ModifyServiceAccount', at],
    ['tcr:ModifyServiceAccountPassword', at],
    ['tcr:DeleteServiceAccount', at],
  ])
  return {
    isKnown,
    mayCreate: may('tcr:CreateServiceAccount', at),
    mayModify: may('tcr:ModifyServiceAccount', at),
    mayReset: may('tcr:ModifyServiceAccountPassword', at),
    mayDelete: may('tcr:DeleteServiceAccount', at),
  }
}

export function useAccountSwitch(instance: string) {
  const { t } = useWords()
  const { tell, tellError } = useNotices()
  const modify = useChange('ModifyServiceAccount')
  return (name: string, isOn: boolean): void => {
    modify
      .mutateAsync({ RegistryId: instance, Name: name, Disable: !isOn })
      .then(
        () => tell(t(isOn ? 'credentials.wasEnabled' : 'credentials.wasDisabled', { name })),
        tellError,
      )
  }
}
