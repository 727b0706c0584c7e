/** Who did it, in a narrow column: whole when the pointer rests on it. */
export function ByWhom({ name }: { readonly name: string }) {
  return (
    <bdi className="by-whom" title={name}>
      {name}
    </bdi>
  )
}
