// What the account has and may have here.

import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { formatBytes, formatNumber } from '../../patterns/format.ts'
import { Meter } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'

type Quota = Reply<'DescribeQuotaPersonal'>['Quotas'][number]

const words: Readonly<Record<Quota['Name'], WordKey>> = {
  Namespaces: 'personal.namespaces',
  Repositories: 'personal.repositories',
  TagsPerRepository: 'personal.tagsEach',
  UploadBytes: 'personal.uploaded',
  DownloadBytes: 'personal.downloaded',
}

export function Quotas() {
  const { t, locale } = useWords()
  const { data } = useRead('DescribeQuotaPersonal', {})
  // Bytes are counted only while they have a quota.
  const shown = (data?.Quotas ?? []).filter(
    ({ Name, Limit }) => Limit !== null || !Name.endsWith('Bytes'),
  )
  return (
    <dl className="personal-quotas">
      {shown.map(({ Name, Used, Limit }) => {
        const show = (value: number): string =>
          Name.endsWith('Bytes') ? formatBytes(value, locale) : formatNumber(value, locale)
        return (
          <div key={Name}>
            <dt>{t(words[Name])}</dt>
            <dd>
              {Used === null ? (
                <span>
                  {Limit === null
                    ? t('personal.unlimited')
                    : t('personal.atMost', { n: show(Limit) })}
                </span>
              ) : (
                <Meter used={Used} limit={Limit} label={t(words[Name])} show={show} />
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
