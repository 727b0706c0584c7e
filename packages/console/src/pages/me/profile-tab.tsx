// Who one is, and of which account.

import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { Chip, CopyButton, FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'

type Account = Reply<'DescribeOwnAccount'>

export function ProfileTab() {
  const { t } = useWords()
  const { roleName } = usePerson()
  const { data: account, error, isPending } = useRead('DescribeOwnAccount', {})
  if (isPending) return <Skeleton />
  if (error) return <Failed error={error} />
  return (
    <>
      <Panel
        title={t('me.profile')}
        actions={<LinkButton to={paths.access('keys')}>{t('me.ownKeys')}</LinkButton>}
      >
        <Facts
          facts={[
            {
              label: t('me.name'),
              value: (
                <>
                  <bdi>{account.Name}</bdi> <Chip>{kindWord(account.Kind, t)}</Chip>{' '}
                  {account.IsOperator && <Chip tone="warn">{t('me.operator')}</Chip>}
                </>
              ),
            },
            roleName ? { label: t('me.role'), value: <FreeText text={roleName} /> } : undefined,
            {
              label: t('me.uin'),
              value: (
                <>
                  {account.Uin}
                  <CopyButton text={String(account.Uin)} what={t('me.uin')} />
                </>
              ),
            },
            {
              label: t('me.account'),
              value: (
                <>
                  <bdi>{account.OwnerName}</bdi> <span className="quiet">{account.OwnerUin}</span>
                </>
              ),
            },
            { label: t('me.appId'), value: account.AppId },
            { label: t('me.email'), value: <FreeText text={account.Email} /> },
            {
              label: t('me.thisLogin'),
              value: (
                <Status tone={account.MfaUsed ? 'good' : 'off'}>
                  {t(account.MfaUsed ? 'me.withFactor' : 'me.withoutFactor')}
                </Status>
              ),
            },
            {
              label: t('me.lastLogin'),
              value: (
                <>
                  <Time at={account.LastLoginTime} />{' '}
                  <FreeText text={account.LastLoginAddress} none="" />
                </>
              ),
            },
            { label: t('me.created'), value: <Time at={account.CreateTime} /> },
          ]}
        />
      </Panel>
      <Administrators account={account} />
    </>
  )
}

function kindWord(kind: Account['Kind'], t: Words['t']): string {
  switch (kind) {
    case 'Main':
      return t('me.kindMain')
    case 'User':
      return t('me.kindUser')
    case 'Role':
      return t('me.kindRole')
    case 'Federated':
      return t('me.kindFederated')
  }
}

/** Whom to ask for what one may not do. */
function Administrators({ account }: { readonly account: Account }) {
  const { t } = useWords()
  const others = account.Administrators.filter(({ Uin }) => Uin !== account.Uin)
  if (others.length === 0) return null
  return (
    <Panel title={t('me.administrators')}>
      <p className="quiet">{t('me.administratorsAbout')}</p>
      <ul>
        {others.map(({ Uin, Name, IsMain }) => (
          <li key={Uin}>
            <bdi>{Name}</bdi> <span className="quiet">{Uin}</span>{' '}
            {IsMain && <Chip>{t('me.kindMain')}</Chip>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
