// Deleting past the recycle bin, for those who may: chosen by hand each time, and warned of from then on.

import { type ReactNode, useState } from 'react'
import { useWords } from '../../words/use-words.ts'

export interface ForGood {
  readonly isForGood: boolean
  /** Stands below what the deletion does; nothing for those who may not. */
  readonly box: ReactNode
}

interface ForGoodOptions {
  readonly mayChoose: boolean
  /** Of a digest what lies in the recycle bin goes as well. */
  readonly isDigest?: boolean
}

export function useForGood({ mayChoose, isDigest = false }: ForGoodOptions): ForGood {
  const { t } = useWords()
  const [isChosen, setChosen] = useState(false)
  const isForGood = mayChoose && isChosen
  const box = mayChoose && (
    <div className="field">
      <label className="choice">
        <input
          type="checkbox"
          checked={isChosen}
          onChange={(event) => setChosen(event.target.checked)}
        />
        <span>{t('repositories.forGood')}</span>
      </label>
      <div role="status">
        {isForGood && (
          <p className="banner banner-bad">
            {t(isDigest ? 'repositories.forGoodDigest' : 'repositories.forGoodAbout')}
          </p>
        )}
      </div>
    </div>
  )
  return { isForGood, box }
}
