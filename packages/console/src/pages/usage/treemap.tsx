// Repositories as areas, those of a namespace beside each other. The table below says the same; a press opens one.

import { useNavigate } from '@tanstack/react-router'
import { ResponsiveContainer, Treemap, type TreemapNode } from 'recharts'
import { paths } from '../../paths.ts'
import { formatBytes } from '../../patterns/format.ts'
import { useWords } from '../../words/use-words.ts'
import type { SpaceUsage } from './space.tsx'

interface SpaceTreemapProps {
  readonly instance: string
  readonly space: SpaceUsage
}

const heightPx = 280
const colours = 5
/** Below this no name fits. */
const leastNamedPx = { width: 56, height: 34 }
const charPx = 7

interface Leaf {
  readonly [field: string]: unknown
  readonly name: string
  readonly namespace: string
  readonly path: string
  readonly size: number
  readonly colour: number
}

export default function SpaceTreemap({ instance, space }: SpaceTreemapProps) {
  const { t, locale } = useWords()
  const navigate = useNavigate()
  const data = groupsOf(space)
  const open = (leaf: Partial<Leaf>) => {
    if (leaf.namespace === undefined || leaf.path === undefined) return
    const at = { instance, namespace: leaf.namespace, path: leaf.path }
    void navigate({ to: paths.repository(at) })
  }
  return (
    <div role="img" aria-label={t('usage.space')} className="treemap">
      <ResponsiveContainer width="100%" height={heightPx}>
        <Treemap
          data={data}
          dataKey="size"
          nameKey="name"
          isAnimationActive={false}
          content={(node) => (
            <Cell
              node={node}
              show={(bytes) => formatBytes(bytes, locale)}
              onPress={() => open(node as Partial<Leaf>)}
            />
          )}
        />
      </ResponsiveContainer>
    </div>
  )
}

function groupsOf({ Repositories }: SpaceUsage) {
  const groups = new Map<string, Leaf[]>()
  for (const {
    NamespaceName: namespace,
    RepositoryName: path,
    StoredBytes: size,
  } of Repositories) {
    const leaves = groups.get(namespace) ?? []
    groups.set(namespace, leaves)
    const colour = (groups.size - 1) % colours
    const first = leaves[0]
    leaves.push({
      name: `${namespace}/${path}`,
      namespace,
      path,
      size,
      colour: first?.colour ?? colour,
    })
  }
  return [...groups].map(([name, children]) => ({ name, children }))
}

interface CellProps {
  readonly node: TreemapNode
  show(bytes: number): string
  onPress(): void
}

function Cell({ node, show, onPress }: CellProps) {
  const { x, y, width, height, depth, name, value } = node
  const { colour = 0 } = node as Partial<Leaf>
  if (depth !== leafDepth || width <= 0 || height <= 0) return null
  const isNamed = width >= leastNamedPx.width && height >= leastNamedPx.height
  const chars = Math.floor((width - 12) / charPx)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table has the same as links
    <g onClick={onPress} className={`treemap-cell treemap-cell-${colour}`}>
      <title>{`${name} · ${show(value)}`}</title>
      <rect x={x} y={y} width={width} height={height} />
      {isNamed && (
        <>
          <text x={x + 6} y={y + 16}>
            {name.length > chars ? `${name.slice(0, Math.max(1, chars - 1))}…` : name}
          </text>
          <text x={x + 6} y={y + 30} className="treemap-size">
            {show(value)}
          </text>
        </>
      )}
    </g>
  )
}

/** The root, namespaces, repositories. */
const leafDepth = 2
