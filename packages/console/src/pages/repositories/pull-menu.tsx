// A row's pull command: by tag first, by digest second, then for the other clients. Choosing one copies it.

import { ChevronDownIcon, DownloadIcon } from 'tdesign-icons-react'
import type { RepositoryAt } from '../../paths.ts'
import { type Client, chosenClient, clients } from '../../patterns/commands.tsx'
import { Menu } from '../../patterns/menu.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { type Address, pullCommand } from '../../patterns/registry-commands.ts'
import { copyText } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { fullPath } from './repository-input.ts'

interface PullMenuProps {
  readonly at: RepositoryAt
  /** Asked once for all rows; undefined: none is known. */
  readonly address: Address | undefined
  /** Undefined: only the digest names it. */
  readonly tag: string | undefined
  readonly digest: string
  /** Helm pulls it, by its version. */
  readonly isChart?: boolean
  /** With its words, not only a sign: it stands alone. */
  readonly isWhole?: boolean
}

const imageClients = clients.filter((client) => client !== 'helm')
/** Helm first, which takes versions and no digests. */
const chartClients: readonly Client[] = ['helm', 'skopeo', 'crane']

export function PullMenu({
  at,
  address,
  tag,
  digest,
  isChart = false,
  isWhole = false,
}: PullMenuProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  if (!address) return null
  const among = (isChart ? chartClients : imageClients).filter(
    (client) => tag !== undefined || client !== 'helm',
  )
  const first = chosenClient(among)
  const ofDigest = first === 'helm' ? 'crane' : first
  const path = fullPath(at)
  const byDigest = `${path}@${digest}`
  const entry = (client: Client, reference: string, how: string) => {
    const command = pullCommand(client, address, reference)
    return {
      id: `${client} ${how}`,
      label: how,
      onSelect: () =>
        void copyText(command).then(() => tell(t('repositories.copiedText', { text: command }))),
    }
  }
  return (
    <Menu
      label={t('repositories.pullCommandOf', { name: tag ?? digest })}
      button={
        <>
          {isWhole ? t('repositories.pullCommand') : <DownloadIcon />}
          <ChevronDownIcon />
        </>
      }
      {...(isWhole && { className: 'button' })}
      entries={[
        ...(tag === undefined
          ? []
          : [entry(first, `${path}:${tag}`, t('repositories.byTag', { client: first }))]),
        entry(ofDigest, byDigest, t('repositories.byDigest', { client: ofDigest })),
        ...among
          .filter((client) => client !== first)
          .map((client) =>
            entry(
              client,
              tag === undefined ? byDigest : `${path}:${tag}`,
              t(tag === undefined ? 'repositories.byDigest' : 'repositories.byTag', { client }),
            ),
          ),
      ]}
    />
  )
}
