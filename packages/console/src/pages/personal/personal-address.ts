// Where clients reach the Personal Edition: its host, by the port and scheme of this page.

import { useRead } from '../../api/use-api.ts'
import type { Address } from '../../patterns/registry-commands.ts'

export function usePersonalAddress(): Address | undefined {
  const { data } = useRead('DescribeDeployment', {})
  if (!data?.PersonalHost) return undefined
  const port = data.Port === null ? '' : `:${data.Port}`
  return { host: `${data.PersonalHost}${port}`, isPlain: data.Scheme === 'http' }
}
