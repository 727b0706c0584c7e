// Files of a package by the folders they lie in.

export const chartFile = 'Chart.yaml'
export const valuesFile = 'values.yaml'
export const schemaFile = 'values.schema.json'

interface PackedFile {
  readonly Path: string
  readonly Size: number
}

export interface Folder {
  /** '' is the chart's own. */
  readonly folder: string
  readonly files: readonly (PackedFile & { readonly name: string })[]
}

/** The chart's own folder first, then by name; what belongs to other charts packed with it last. */
export function groupFiles(files: readonly PackedFile[]): readonly Folder[] {
  const byFolder = Map.groupBy(files, ({ Path }) =>
    Path.slice(0, Math.max(0, Path.lastIndexOf('/'))),
  )
  return [...byFolder]
    .map(([folder, inFolder]) => ({
      folder,
      files: inFolder
        .map((file) => ({ ...file, name: file.Path.slice(folder === '' ? 0 : folder.length + 1) }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    }))
    .toSorted((a, b) => rankOf(a.folder) - rankOf(b.folder) || (a.folder < b.folder ? -1 : 1))
}

function rankOf(folder: string): number {
  if (folder === '') return 0
  return /^charts(\/|$)/.test(folder) ? 2 : 1
}

/** What one opens the files for: the first template, else the first file. */
export function firstShown<F extends PackedFile>(files: readonly F[]): F | undefined {
  return files.find(({ Path }) => /^templates\/.*\.ya?ml$/.test(Path)) ?? files[0]
}
