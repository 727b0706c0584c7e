// Times as the management API writes them, each group in its own way (reference of the API, "Formats"). The
// service's clock is China's, eight hours ahead of UTC, which has no summer time.

const offsetMs = 8 * 3_600_000

function inChina(ms: number): string {
  return new Date(ms + offsetMs).toISOString()
}

/** `2020-09-28T15:34:59+08:00`: instances, tokens, service accounts. */
export function rfc3339(ms: number): string {
  return `${inChina(ms).slice(0, 19)}+08:00`
}

/** `2026-06-16T08:37:05.263Z`: namespaces, images, jobs. */
export function isoUtc(ms: number): string {
  return new Date(ms).toISOString()
}

/** `2020-02-27 01:07:14.503 +0800 CST`, the layout of Go's `time.String()`: repositories. */
export function goTime(ms: number): string {
  const text = inChina(ms)
  // Go writes no zeros at the end of a fraction, and no fraction of nothing.
  const fraction = text.slice(19, 23).replace(/\.?0+$/, '')
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction} +0800 CST`
}

/** `2020-01-23 17:06:17`: Personal edition, CAM. */
export function chinaTime(ms: number): string {
  const text = inChina(ms)
  return `${text.slice(0, 10)} ${text.slice(11, 19)}`
}

/** `2020-09-10`: the end of a prepaid instance. */
export function chinaDate(ms: number): string {
  return inChina(ms).slice(0, 10)
}
