// The page of who holds policies together with others: a group, a role. Its tabs, and its end.

import { useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Tabs } from '../../patterns/detail.tsx'
import { useWords } from '../../words/use-words.ts'
import { AttachedPolicies } from './attached-policies.tsx'

interface HolderTab {
  readonly id: string
  readonly label: string
  readonly count?: number
  show(): ReactNode
}

interface HolderPageProps {
  readonly kind: 'group' | 'role'
  readonly id: string
  readonly name: string
  readonly state?: ReactNode
  readonly facts?: ReactNode
  readonly mayDelete: boolean
  /** The first is shown at first; its policies come last. */
  readonly tabs: readonly HolderTab[]
  confirmDelete(closing: { onClose(): void; onDone(): void }): ReactNode
}

export function HolderPage(props: HolderPageProps) {
  const { kind, id, name, state, facts, mayDelete, confirmDelete } = props
  const { t } = useWords()
  const navigate = useNavigate()
  const { tab = 'basic' } = useParams({ strict: false })
  const [isDeleting, setDeleting] = useState(false)
  const list = kind === 'group' ? 'groups' : 'roles'
  const tabs: readonly HolderTab[] = [
    ...props.tabs,
    {
      id: 'policies',
      label: t('access.policies'),
      show: () => <AttachedPolicies of={{ kind, id, name }} />,
    },
  ]
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: t(kind === 'group' ? 'access.groups' : 'access.roles'), to: paths.access(list) },
          { label: name },
        ]}
      />
      <DetailHead
        name={name}
        state={state}
        facts={facts}
        actions={
          mayDelete && (
            <Button theme="danger-text" onClick={() => setDeleting(true)}>
              {t('access.delete')}
            </Button>
          )
        }
      />
      <Tabs
        label={name}
        current={tab}
        tabs={tabs.map(({ show: _, ...one }) => ({
          ...one,
          to: paths.accessDetail(list, id, one.id),
        }))}
      />
      {tabs.find((one) => one.id === tab)?.show()}
      {isDeleting &&
        confirmDelete({
          onClose: () => setDeleting(false),
          onDone: () => void navigate({ to: paths.access(list) }),
        })}
    </>
  )
}
