// What moves the page waits until the pointer that is pressed is up again: else the press would begin on one thing and
// end on another, and click nothing.

let isPressed = false

if (typeof document !== 'undefined') {
  const set = (value: boolean) => () => {
    isPressed = value
  }
  document.addEventListener('pointerdown', set(true), true)
  document.addEventListener('pointerup', set(false), true)
  document.addEventListener('pointercancel', set(false), true)
}

/** At once where nothing is pressed. */
export function afterPress(run: () => void): void {
  if (!isPressed) {
    run()
    return
  }
  const over = new AbortController()
  // The click comes after the pointer is up, in the same task.
  const then = () => {
    over.abort()
    setTimeout(run)
  }
  document.addEventListener('pointerup', then, { signal: over.signal })
  document.addEventListener('pointercancel', then, { signal: over.signal })
}
