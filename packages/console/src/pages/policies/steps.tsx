import { useWords } from '../../words/use-words.ts'

interface StepsProps {
  readonly steps: readonly string[]
  /** From 1. */
  readonly current: number
  onStep(step: number): void
}

/** The steps of a wizard with their names; one goes back by them, too. */
export function Steps({ steps, current, onStep }: StepsProps) {
  const { t } = useWords()
  return (
    <nav aria-label={t('policies.steps')} className="policy-steps">
      <ol>
        {steps.map((name, at) => (
          <li key={name}>
            <button
              type="button"
              aria-current={at + 1 === current ? 'step' : undefined}
              onClick={() => onStep(at + 1)}
            >
              <span className="policy-step">{at + 1}</span> {name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
