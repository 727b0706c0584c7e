/** What runs say while the clock can't be trusted with deletions. */
export const clockPause = 'the clock was set: nothing is removed until a grace period has passed'
