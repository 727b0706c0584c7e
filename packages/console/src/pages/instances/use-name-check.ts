// Whether a new instance may have a name, asked 400 ms after the last key.

import { useEffect, useState } from 'react'
import { useRead } from '../../api/use-api.ts'
import type { WordKey } from '../../words/use-words.ts'

const afterLastKeyMs = 400

/** `DetailCode` of CheckInstanceName, in its order. */
const verdicts: readonly (WordKey | undefined)[] = [
  undefined,
  'instances.nameIllegal',
  'instances.nameReserved',
  'instances.nameTaken',
]

export interface NameCheck {
  /** What is wrong with it. */
  readonly problem: WordKey | undefined
  readonly isFree: boolean
  readonly isAsking: boolean
}

export function useNameCheck(name: string): NameCheck {
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(name), afterLastKeyMs)
    return () => clearTimeout(timer)
  }, [name])
  const isSame = asked === name && name !== ''
  const { data } = useRead('CheckInstanceName', { RegistryName: asked }, { isEnabled: isSame })
  const isKnown = isSame && data !== undefined
  return {
    problem: isKnown ? verdicts[data.DetailCode] : undefined,
    isFree: isKnown && data.IsValidated,
    isAsking: name !== '' && !isKnown,
  }
}
