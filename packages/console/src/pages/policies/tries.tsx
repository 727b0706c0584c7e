// Pull, push and delete on the repository that was chosen, at one glance.

import { useReads } from '../../api/use-api.ts'
import { Status } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { exactResource, type Picked } from './resource-names.ts'
import { type Asked, actionsOf, type Tried } from './simulation.ts'

interface TriesProps {
  readonly picked: Picked
  readonly common: Omit<Asked, 'Action'>
}

const tried: readonly Tried[] = ['pull', 'push', 'delete']
const triedWords: Readonly<Record<Tried, WordKey>> = {
  pull: 'policies.pull',
  push: 'policies.push',
  delete: 'policies.deleteImage',
}

export function Tries({ picked, common }: TriesProps) {
  const { t } = useWords()
  const isPersonal = picked.kind === 'personalRepository'
  const isRepository = isPersonal || picked.kind === 'repository'
  const names = isRepository ? [...new Set(tried.flatMap((one) => actionsOf(one, isPersonal)))] : []
  const replies = useReads(
    'SimulatePolicy',
    names.map((Action) => ({ ...common, Action, Resources: [exactResource(picked)] })),
  )
  if (!isRepository) return null
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
