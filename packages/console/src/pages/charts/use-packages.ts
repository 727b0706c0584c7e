// The files that somebody chose to upload, each with what is known of it: read in the browser, then asked about at the
// server, so that nothing is replaced by surprise.

import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import {
  digestOf,
  NotChart,
  type PackageFacts,
  type PackageProblem,
  readPackage,
} from './package-file.ts'

export type Fate = Reply<'DescribeHelmChartUpload'>['Uploads'][number]

export interface ChosenPackage {
  readonly id: number
  readonly file: File
  readonly provenance: File | undefined
  readonly facts: PackageFacts | undefined
  readonly digest: string | undefined
  readonly problem: PackageProblem | undefined
  /** What is there of the same version may be replaced. */
  readonly mayReplace: boolean
  readonly state: 'waiting' | 'sending' | 'done'
  readonly error: unknown
}

let lastId = 0

export function usePackages(instance: string, namespace: string) {
  const [packages, setPackages] = useState<readonly ChosenPackage[]>([])
  const asked = packages.flatMap(({ facts, digest }) =>
    facts
      ? [
          {
            ChartName: facts.name,
            Version: facts.version,
            ...(digest !== undefined && { PackageDigest: digest }),
          },
        ]
      : [],
  )
  const { data, error } = useRead(
    'DescribeHelmChartUpload',
    { RegistryId: instance, NamespaceName: namespace, Charts: asked },
    { isEnabled: namespace !== '' && asked.length > 0, keepsPrevious: true },
  )
  const change = (id: number, changed: Partial<ChosenPackage>) =>
    setPackages((all) => all.map((one) => (one.id === id ? { ...one, ...changed } : one)))
  return {
    packages,
    error,
    change,
    remove: (id: number) => setPackages((all) => all.filter((one) => one.id !== id)),
    fateOf: ({ facts }: ChosenPackage): Fate | undefined =>
      facts &&
      data?.Uploads.find(
        ({ ChartName, Version }) => ChartName === facts.name && Version === facts.version,
      ),
    /** Provenance files go to the package whose name they carry. */
    async add(files: readonly File[]): Promise<void> {
      const provenances = files.filter(({ name }) => name.endsWith('.prov'))
      const added = await Promise.all(
        files.filter((file) => !provenances.includes(file)).map(readChosen),
      )
      setPackages((all) =>
        [...all, ...added].map((one) => ({
          ...one,
          provenance:
            provenances.find(({ name }) => name === `${one.file.name}.prov`) ?? one.provenance,
        })),
      )
    },
  }
}

async function readChosen(file: File): Promise<ChosenPackage> {
  lastId += 1
  const chosen = {
    id: lastId,
    file,
    provenance: undefined,
    mayReplace: false,
    state: 'waiting' as const,
    error: undefined,
  }
  try {
    const [facts, digest] = await Promise.all([readPackage(file), digestOf(file)])
    return { ...chosen, facts, digest, problem: undefined }
  } catch (error) {
    if (!(error instanceof NotChart)) throw error
    return { ...chosen, facts: undefined, digest: undefined, problem: error.problem }
  }
}
