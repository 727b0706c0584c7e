import { useEffect, useState } from 'react'

/** The value once it has rested for so long: a simulation is not asked for with each letter. */
export function useLater<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return rested
}
