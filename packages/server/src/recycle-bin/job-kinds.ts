// What changes nudge; `jobs.ts` does it.

/** Takes away what can't come back any more. */
export const binPurge = 'recycle-bin.purge'

/** Counts what deleted repositories hold. */
export const binWeighing = 'recycle-bin.weighing'

/** Lets everything go that lies in a bin. */
export const binEmptying = 'recycle-bin.emptying'
