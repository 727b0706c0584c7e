import { usePersonName } from '../../patterns/people-names.tsx'

/** Who did it, in a narrow column: whole when the pointer rests on it. */
export function ByWhom({ name }: { readonly name: string }) {
  const person = usePersonName(name)
  return (
    <bdi className="by-whom" title={person === undefined ? name : `${person} (${name})`}>
      {person ?? name}
      {person !== undefined && <small className="quiet"> {name}</small>}
    </bdi>
  )
}
