// Pull, push and delete on the repository that was chosen, at one glance.

import { useReads } from '../../api/use-api.ts'
import { Status } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { type Asked, actionsOf, type Tried } from './simulation.ts'

const tried: readonly Tried[] = ['pull', 'push', 'delete']
const triedWords: Readonly<Record<Tried, WordKey>> = {
  pull: 'policies.pull',
  push: 'policies.push',
  delete: 'policies.deleteImage',
}

/** Of Enterprise and of Personal edition; of other resources there is nothing to say. */
const repositories = /:(repository\/[^/]+\/[^/]+\/.+|repo\/[^/]+\/.+)$/

export function Tries({ asked }: { readonly asked: Asked }) {
  const { t } = useWords()
  const { Action: _, Resources, ...common } = asked
  const path = repositories.exec(Resources?.[0] ?? '')?.[1]
  const isPersonal = path?.startsWith('repo/') ?? false
  const names =
    path === undefined ? [] : [...new Set(tried.flatMap((one) => actionsOf(one, isPersonal)))]
  const replies = useReads(
    'SimulatePolicy',
    names.map((Action) => ({ ...common, Action, ...(Resources && { Resources }) })),
  )
  if (path === undefined) return null
  const may = (one: Tried): boolean | undefined => {
    const answers = actionsOf(one, isPersonal).map((name) => replies[names.indexOf(name)]?.data)
    if (answers.some((answer) => answer === undefined)) return undefined
    return answers.every((answer) => answer?.Allowed)
  }
  return (
    <div>
      <h3>{t('policies.onThisRepository')}</h3>
      <ul className="row policy-tries">
        {tried.map((one) => {
          const allowed = may(one)
          return (
            <li key={one}>
              {t(triedWords[one])}{' '}
              {allowed !== undefined && (
                <Status tone={allowed ? 'good' : 'bad'}>
                  {t(allowed ? 'policies.yes' : 'policies.no')}
                </Status>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
