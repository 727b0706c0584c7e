// What two images have in common, and what changes from the left one to the right one.

export interface ComparedLayer {
  readonly Digest: string | null
  readonly Size: number
}

export interface LayerComparison<Layer> {
  readonly shared: readonly Layer[]
  readonly onlyLeft: readonly Layer[]
  readonly onlyRight: readonly Layer[]
  /** Compressed: what a client that has the left one still pulls for the right one. */
  readonly pulledBytes: number
}

/** A layer that an image has twice counts once: it is stored and pulled once. */
export function compareLayers<Layer extends ComparedLayer>(
  left: readonly Layer[],
  right: readonly Layer[],
): LayerComparison<Layer> {
  const [ofLeft, ofRight] = [byDigest(left), byDigest(right)]
  const onlyRight = [...ofRight].filter(([digest]) => !ofLeft.has(digest)).map(([, layer]) => layer)
  return {
    shared: [...ofRight].filter(([digest]) => ofLeft.has(digest)).map(([, layer]) => layer),
    onlyLeft: [...ofLeft].filter(([digest]) => !ofRight.has(digest)).map(([, layer]) => layer),
    onlyRight,
    pulledBytes: onlyRight.reduce((sum, { Size }) => sum + Size, 0),
  }
}

function byDigest<Layer extends ComparedLayer>(layers: readonly Layer[]): Map<string, Layer> {
  return new Map(
    layers.flatMap((layer) => (layer.Digest === null ? [] : [[layer.Digest, layer] as const])),
  )
}

export interface Pair {
  readonly key: string
  readonly value: string
}

export interface PairChange {
  readonly key: string
  /** Undefined: it isn't there. */
  readonly left: string | undefined
  readonly right: string | undefined
}

/** Only what differs, by name. */
export function comparePairs(left: readonly Pair[], right: readonly Pair[]): readonly PairChange[] {
  const [ofLeft, ofRight] = [valuesOf(left), valuesOf(right)]
  return [...new Set([...ofLeft.keys(), ...ofRight.keys()])]
    .sort()
    .map((key) => ({ key, left: ofLeft.get(key), right: ofRight.get(key) }))
    .filter((change) => change.left !== change.right)
}

function valuesOf(pairs: readonly Pair[]): ReadonlyMap<string, string> {
  return new Map(pairs.map(({ key, value }) => [key, value]))
}
