import { Failed } from '../../patterns/states.tsx'

interface FailedPageProps {
  readonly title: string
  readonly error: unknown
  retry(): unknown
}

/** A page about one thing that could not be read still says what it would be about. */
export function FailedPage({ title, error, retry }: FailedPageProps) {
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      <Failed error={error} retry={() => void retry()} />
    </>
  )
}
