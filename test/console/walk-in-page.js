// Runs in the page: which things Tab must stop at, and what is to be seen at each of them. Of JavaScript, because what
// the tests are checked with knows no page.

(() => {
let current

/** Gives how many stops there are to be. */
function begin() {
  const room = document.querySelector('dialog:modal') ?? document.body
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]'
  const isStop = (at) =>
    at.tabIndex >= 0 &&
    !at.matches(':disabled, [inert] *') &&
    at.checkVisibility({ visibilityProperty: true }) &&
    // Of radio buttons the chosen one, or the first.
    (!(at instanceof HTMLInputElement) || at.type !== 'radio' || at === chosenOf(at))
  const chosenOf = ({ form, name }) => {
    const group = [...document.querySelectorAll('input[type=radio]')].filter(
      (one) => one.name === name && one.form === form && !one.disabled,
    )
    return group.find((one) => one.checked) ?? group[0]
  }
  // Where a ring may be drawn: the thing itself, what frames it, what stands for it.
  const look = (at) => {
    const drawn = [at, at.nextElementSibling, at.parentElement, at.parentElement?.parentElement]
    return drawn
      .map((one) => one && getComputedStyle(one))
      .map((style) => style && `${style.outlineStyle} ${style.outlineWidth} ${style.boxShadow}`)
      .join('|')
  }
  document.activeElement?.blur()
  const found = [...room.querySelectorAll(wanted)].filter(isStop)
  const stops = new Map(found.map((at) => [at, { before: look(at) }]))
  const note = ({ target }) => {
    const stop = stops.get(target)
    if (stop) stop.reached ??= look(target)
  }
  document.addEventListener('focusin', note)
  current = { stops, note }
  return found.length
}

/** What was seen at each stop. */
function end() {
  const { stops, note } = current
  document.removeEventListener('focusin', note)
  const textOf = (ids) =>
    (ids ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join('')
  const nameOf = (at) =>
    [
      at.getAttribute('aria-label'),
      textOf(at.getAttribute('aria-labelledby')),
      ...[...(at.labels ?? [])].map((label) => label.textContent),
      at.textContent,
      at.querySelector('img')?.alt,
    ].find((text) => (text ?? '').trim() !== '')
  return [...stops].map(([at, { before, reached }]) => ({
    what: at.outerHTML.slice(0, 160),
    isReached: reached !== undefined,
    hasRing: reached !== before,
    hasName: nameOf(at) !== undefined,
  }))
}

globalThis.tabWalk = { begin, end }
})()
