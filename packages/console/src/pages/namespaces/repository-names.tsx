import { useWords } from '../../words/use-words.ts'

interface RepositoryNamesProps {
  /** The first of them. */
  readonly names: readonly string[]
  readonly total: number
}

export function RepositoryNames({ names, total }: RepositoryNamesProps) {
  const { t } = useWords()
  return (
    <ul className="named">
      {names.map((name) => (
        <li key={name}>
          <bdi>{name}</bdi>
        </li>
      ))}
      {names.length < total && (
        <li className="quiet">{t('namespaces.andMore', { n: total - names.length })}</li>
      )}
    </ul>
  )
}
