// How values of PostgreSQL become JavaScript's: bigint and numeric as numbers, never silently rounded.

import pg from 'pg'

const bigintOid = 20
const numericOid = 1700

export function toSafeNumber(text: string): number {
  const value = Number(text)
  const isWhole = /^-?\d+$/.test(text)
  if (isWhole && !Number.isSafeInteger(value)) {
    throw new RangeError(`the database holds ${text}, beyond what a number can be (2^53-1)`)
  }
  return value
}

export const valueParsers: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    // The driver's own types: `format` decides between overloads that both fit.
    if (format !== 'binary' && (oid === bigintOid || oid === numericOid)) return toSafeNumber
    return pg.types.getTypeParser(oid, format as 'text')
  },
}
