// Who is logged in, as every page behind the gate may ask.

import { createContext, useContext } from 'react'
import type { Person } from '../api/session.ts'

export const PersonContext = createContext<Person | undefined>(undefined)

/** Behind the gate there is always one. */
export function usePerson(): Person {
  const person = useContext(PersonContext)
  if (!person) throw new Error('this page is shown only to who is logged in')
  return person
}
