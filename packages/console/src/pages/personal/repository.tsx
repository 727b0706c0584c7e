// One repository: its facts, how to log in, push and pull, its tags.

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { ClientCommands } from '../../patterns/commands.tsx'
import { Breadcrumb, DetailHead, Facts, Panel } from '../../patterns/detail.tsx'
import { loginCommand, pullCommand, pushCommand } from '../../patterns/registry-commands.ts'
import { useRights } from '../../patterns/rights.ts'
import { Count, FreeText, Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { AccessChip, Favourite } from './marks.tsx'
import { usePersonalAddress } from './personal-address.ts'
import { ChangeAccess, DeleteRepositories } from './repository-work.tsx'
import { Tags } from './tags.tsx'

interface RepositoryPageProps {
  readonly region: string
  readonly name: string
}

export function RepositoryPage({ region, name }: RepositoryPageProps) {
  const { t } = useWords()
  useTitle(name)
  const navigate = useNavigate()
  const address = usePersonalAddress()
  const [work, setWork] = useState<'access' | 'delete'>()
  const resource = `repo/${name}`
  const { may } = useRights([
    ['tcr:ModifyRepositoryAccessPersonal', resource],
    ['tcr:ModifyRepositoryInfoPersonal', resource],
    ['tcr:BatchDeleteRepositoryPersonal', resource],
  ])
  const modify = useChange('ModifyRepositoryInfoPersonal')
  const { data, error, isPending } = useRead('DescribeRepositoryPersonal', { RepoName: name })
  const { data: tags } = useRead('DescribeImagePersonal', { RepoName: name, Limit: 1 })
  const crumbs = [{ label: t('personal.title'), to: paths.personal(region) }, { label: name }]
  if (isPending) return <Skeleton />
  if (!data) {
    return (
      <>
        <Breadcrumb crumbs={crumbs} />
        <h1 tabIndex={-1}>{name}</h1>
        <Failed error={error} />
      </>
    )
  }
  const { Data: repository } = data
  const isPublic = repository.Public === 1
  const full = address ? `${address.host}/${name}` : name
  const close = () => setWork(undefined)
  return (
    <>
      <Breadcrumb crumbs={crumbs} />
      <DetailHead
        name={name}
        copy={full}
        state={<AccessChip isPublic={isPublic} />}
        facts={
          <span>
            {t('personal.pulls')}: <Count value={repository.PullCount} />
          </span>
        }
        actions={
          <>
            <Favourite name={name} isFavourite={repository.IsUserFavor} />
            {may('tcr:ModifyRepositoryAccessPersonal', resource) && (
              <Button onClick={() => setWork('access')}>
                {t(isPublic ? 'personal.makePrivate' : 'personal.makePublic')}
              </Button>
            )}
            {may('tcr:BatchDeleteRepositoryPersonal', resource) && (
              <Button theme="danger-text" onClick={() => setWork('delete')}>
                {t('personal.delete')}
              </Button>
            )}
          </>
        }
      />
      <Panel title={t('personal.information')}>
        <Facts
          facts={[
            { label: t('personal.address'), value: <code>{full}</code> },
            { label: t('personal.created'), value: <Time at={repository.CreationTime} /> },
            {
              label: t('personal.description'),
              value: <FreeText text={repository.Description} />,
              ...(may('tcr:ModifyRepositoryInfoPersonal', resource) && {
                edit: {
                  text: repository.Description,
                  isLong: true,
                  save: (text: string) => modify.mutateAsync({ RepoName: name, Description: text }),
                },
              }),
            },
          ]}
        />
      </Panel>
      <Tags name={name} />
      <Commands name={name} />
      {work === 'access' && <ChangeAccess name={name} isPublic={isPublic} onClose={close} />}
      {work === 'delete' && (
        <DeleteRepositories
          repositories={[
            {
              RepoName: name,
              TagCount: tags?.Data.TagCount ?? 0,
              PullCount: repository.PullCount,
            },
          ]}
          onClose={close}
          onDone={() => void navigate({ to: paths.personal(region) })}
        />
      )}
    </>
  )
}

/** Until something was pushed, no tag is better than another. */
const sampleTag = 'v1'

function Commands({ name }: { readonly name: string }) {
  const { t } = useWords()
  const { uin } = usePerson()
  const address = usePersonalAddress()
  if (!address) return null
  return (
    <Panel title={t('personal.commands')}>
      <ClientCommands
        label={name}
        commandsOf={(client) => [
          { label: t('personal.commandLogin'), lines: loginCommand(client, address, String(uin)) },
          {
            label: t('personal.commandPush'),
            lines: pushCommand(client, address, `${name}:${sampleTag}`),
          },
          {
            label: t('personal.commandPull'),
            lines: pullCommand(client, address, `${name}:${sampleTag}`),
          },
        ]}
      />
    </Panel>
  )
}
