// Who of the account can give a right, and what to ask for.

import { useRead } from '../../api/use-api.ts'
import { CommandBlock } from '../../patterns/commands.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { FreeText } from '../../patterns/shown.tsx'
import { Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import './overview.css'

interface WhomToAskProps {
  /** What the statement is for. */
  readonly about: string
  readonly statement: object
}

export function WhomToAsk({ about, statement }: WhomToAskProps) {
  const { t } = useWords()
  const { data: account } = useRead('DescribeOwnAccount', {})
  return (
    <Panel title={t('overview.whomToAsk')}>
      {account ? (
        <ul className="administrators">
          {account.Administrators.map(({ Uin, Name, IsMain }) => (
            <li key={Uin}>
              <FreeText text={Name} /> <span className="quiet">{Uin}</span>
              {IsMain && <span className="quiet"> · {t('overview.mainAccount')}</span>}
            </li>
          ))}
        </ul>
      ) : (
        <Skeleton lines={2} />
      )}
      <p>{about}</p>
      <CommandBlock
        label={t('patterns.statement')}
        lines={JSON.stringify(statement, undefined, 2)}
      />
    </Panel>
  )
}
