// JSON in few bytes whose changes are still read line by line: outer objects have a line for each entry, inner ones
// stand in the line of theirs.

const maxColumns = 100
/** Of OpenAPI: `components`, `schemas`, a structure, `properties`, a field. */
const maxDepth = 5

export function jsonText(value: unknown): string {
  return `${written(value, 0)}\n`
}

function written(value: unknown, depth: number): string {
  const line = JSON.stringify(value)
  const isLeaf = typeof value !== 'object' || value === null || Array.isArray(value)
  if (isLeaf || depth >= maxDepth || line.length <= maxColumns) return line
  const indent = ' '.repeat(depth)
  const entries = Object.entries(value).map(
    ([name, one]) => `${indent} ${JSON.stringify(name)}: ${written(one, depth + 1)}`,
  )
  return `{\n${entries.join(',\n')}\n${indent}}`
}
