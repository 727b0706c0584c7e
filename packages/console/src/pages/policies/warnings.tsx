// What a document grants or means that is easily overlooked.

import { usePerson } from '../../frame/person.ts'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { allows, isOlder, meaningsOf, serviceAccountActions } from './action-names.ts'
import { readDocument } from './document.ts'

const olderResource = 'qcs::ccr:'
const resource = 'qcs::tcr:'

export function grantsServiceAccounts(text: string): boolean {
  return (readDocument(text) ?? []).some(
    ({ effect, actions }) =>
      effect === 'allow' && serviceAccountActions.some((name) => allows(actions, name)),
  )
}

export function hasDenial(text: string): boolean {
  return (readDocument(text) ?? []).some(({ effect }) => effect === 'deny')
}

/** The main account is held by no policy. */
export function useIsMain(): boolean {
  const { uin, ownerUin, roleName } = usePerson()
  return uin === ownerUin && !roleName
}

export function DocumentWarnings({ text }: { readonly text: string }) {
  const { t } = useWords()
  const older = [
    ...new Set((readDocument(text) ?? []).flatMap(({ actions }) => actions.filter(isOlder))),
  ]
  const hasOlderResource = (readDocument(text) ?? []).some(({ resources }) =>
    resources.some((one) => one.startsWith(olderResource)),
  )
  return (
    <>
      {grantsServiceAccounts(text) && (
        <Banner tone="warn">{t('policies.serviceAccountWarning')}</Banner>
      )}
      {(older.length > 0 || hasOlderResource) && (
        <Banner>
          <p>{t('policies.olderNames')}</p>
          <ul>
            {older.map((name) => (
              <li key={name}>
                <code>{name}</code> = <code>{meaningsOf(name).join(', ')}</code>
              </li>
            ))}
            {hasOlderResource && (
              <li>
                <code>{olderResource}</code> = <code>{resource}</code>
              </li>
            )}
          </ul>
        </Banner>
      )}
    </>
  )
}
