// Region and instance, on every page. Choosing another one keeps the page.

import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ChevronDownIcon, SearchIcon } from 'tdesign-icons-react'
import { useRead } from '../api/use-api.ts'
import { paths } from '../paths.ts'
import { Button } from '../patterns/button.tsx'
import { Dialog } from '../patterns/dialog.tsx'
import { Empty, Skeleton } from '../patterns/states.tsx'
import { useWords } from '../words/use-words.ts'
import { editionWord, InstanceStatus } from './instance-words.tsx'
import { recentInstances, rememberInstance } from './preferences.ts'
import type { Instance } from './use-instance.ts'

interface SelectorProps {
  readonly instance: string | undefined
  readonly region: string | undefined
}

export function Selector({ instance, region }: SelectorProps) {
  const { t } = useWords()
  const [isOpen, setOpen] = useState(false)
  const { data } = useRead(
    'DescribeInstances',
    { Registryids: instance === undefined ? [] : [instance], AllRegion: true },
    { isEnabled: instance !== undefined },
  )
  const chosen = data?.Registries?.[0]
  // Only one that is there: a mistyped address is not where the next visit begins.
  useEffect(() => {
    if (chosen) rememberInstance(chosen.RegistryId)
  }, [chosen])
  const words =
    region !== undefined
      ? t('frame.personalOf', { region })
      : chosen !== undefined
        ? `${chosen.RegistryName} · ${chosen.RegionName}`
        : t('frame.chooseInstance')
  return (
    <>
      <Button className="selector" onClick={() => setOpen(true)} aria-haspopup="dialog">
        <bdi>{words}</bdi>
        <ChevronDownIcon />
      </Button>
      {isOpen && <ChooseInstance onClose={() => setOpen(false)} />}
    </>
  )
}

const shownInstances = 20

function ChooseInstance({ onClose }: { onClose(): void }) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const navigate = useNavigate()
  const location = useRouterState({ select: (state) => state.location })
  const { data: regions } = useRead('DescribeRegions', {})
  const { data, isPending } = useRead(
    'DescribeInstances',
    {
      AllRegion: true,
      Limit: shownInstances,
      ...(text !== '' && { Filters: [{ Name: 'RegistryName', Values: [text] }] }),
    },
    { keepsPrevious: true },
  )
  const recent = recentInstances()
  const instances = [...(data?.Registries ?? [])].sort(
    (a, b) => rankOf(recent, a.RegistryId) - rankOf(recent, b.RegistryId),
  )
  function choose(to: string): void {
    onClose()
    void navigate({ to })
  }
  return (
    <Dialog title={t('frame.chooseInstance')} onClose={onClose}>
      <span className="input search-box">
        <SearchIcon aria-hidden="true" />
        <input
          type="search"
          autoFocus
          value={text}
          aria-label={t('frame.searchInstance')}
          placeholder={t('frame.searchInstance')}
          onChange={(event) => setText(event.target.value)}
        />
      </span>
      {isPending && <Skeleton />}
      {instances.length === 0 && !isPending && <Empty title={t('patterns.nothingFound')} />}
      <ul className="choose">
        {instances.map((one) => (
          <li key={one.RegistryId}>
            <button
              type="button"
              onClick={() => choose(samePage(location.pathname, one.RegistryId))}
            >
              <InstanceLine instance={one} />
            </button>
          </li>
        ))}
        {(regions?.Regions ?? []).map(({ RegionName }) => (
          <li key={RegionName}>
            <button type="button" onClick={() => choose(paths.personal(RegionName))}>
              {t('frame.personalOf', { region: RegionName })}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function InstanceLine({ instance }: { readonly instance: Instance }) {
  const { t } = useWords()
  return (
    <>
      <span>
        <bdi>{instance.RegistryName}</bdi> <small>{instance.RegistryId}</small>
      </span>
      <small>
        {instance.RegionName} · {editionWord(instance.RegistryType, t)}
      </small>
      <InstanceStatus status={instance.Status} />
    </>
  )
}

function rankOf(recent: readonly string[], id: string): number {
  const at = recent.indexOf(id)
  return at === -1 ? recent.length : at
}

/** The list that the page shows, of another instance; what is below it may not exist there. */
function samePage(path: string, instance: string): string {
  const [, root, , room, kind] = path.split('/')
  if (root === 'r' && room === 'credentials') return `/r/${instance}/${room}/${kind ?? 'user'}`
  if (root === 'r' && room !== undefined) return `/r/${instance}/${room}`
  if (root === 'instances') return paths.instance(instance)
  return paths.repositories(instance)
}
