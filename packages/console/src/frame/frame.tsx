// The frame around every page: head, menu, the page itself. On narrow screens the menu is a drawer.

import { Link, Outlet, useParams, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { ViewListIcon } from 'tdesign-icons-react'
import { useRead } from '../api/use-api.ts'
import { paths } from '../paths.ts'
import { IconButton } from '../patterns/button.tsx'
import { useRights } from '../patterns/rights.ts'
import { Skeleton } from '../patterns/states.tsx'
import { withWords } from '../words/load-words.ts'
import { useWords } from '../words/use-words.ts'
import { JobMark } from './job-mark.tsx'
import { Keys } from './keys.tsx'
import {
  accountMenu,
  generalMenu,
  instanceMenu,
  listModels,
  listSkills,
  type MenuGroup,
  neededRights,
  personalMenu,
  type SomeHave,
} from './menu.ts'
import { usePerson } from './person.ts'
import { PersonMenu } from './person-menu.tsx'
import { lastInstance } from './preferences.ts'
import { RestNotice } from './rest-notice.tsx'
import { Selector } from './selector.tsx'
import { LanguageMenu, ThemeMenu } from './view-menus.tsx'

const Palette = lazy(withWords([], () => import('./palette.tsx')))

export function Frame() {
  const { t } = useWords()
  const [isMenuOpen, setMenuOpen] = useState(false)
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  const { instance, region } = useParams({ strict: false })
  const path = useRouterState({ select: (state) => state.location.pathname })
  const main = useRef<HTMLElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(() => setMenuOpen(false), [path])
  const openPalette = useCallback(() => setPaletteOpen(true), [])
  const shownInstance = useShownInstance(instance)
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {t('frame.skip')}
      </button>
      <header className="head">
        <IconButton
          className="head-menu"
          icon={<ViewListIcon />}
          label={t('frame.menu')}
          aria-expanded={isMenuOpen}
          onClick={() => setMenuOpen(!isMenuOpen)}
        />
        <Link to={paths.overview()} className="brand">
          <img src="./favicon.svg" alt="" width="24" height="24" />
          Entrepot
        </Link>
        <Selector instance={shownInstance} region={region} />
        <span className="head-space" />
        <button type="button" className="palette-button" onClick={openPalette}>
          <span>{t('frame.search')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <JobMark />
        <LanguageMenu />
        <ThemeMenu />
        <PersonMenu />
      </header>
      <RestNotice />
      <Keys instance={shownInstance} openPalette={openPalette} />
      <div className="body">
        <SideMenu instance={shownInstance} region={region} isOpen={isMenuOpen} />
        {isMenuOpen && (
          <button
            type="button"
            className="menu-shade"
            aria-label={t('patterns.close')}
            onClick={() => setMenuOpen(false)}
          />
        )}
        <main id="main" ref={main} tabIndex={-1} className="page">
          <Suspense fallback={<Skeleton />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      {isPaletteOpen && (
        <Suspense>
          <Palette onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
    </div>
  )
}

/** Of the address; else the one that was last looked at, or the first there is. */
function useShownInstance(ofAddress: string | undefined): string | undefined {
  const known = ofAddress === 'new' ? undefined : (ofAddress ?? lastInstance())
  const { data } = useRead(
    'DescribeInstances',
    { AllRegion: true, Limit: 1 },
    { isEnabled: known === undefined },
  )
  return known ?? data?.Registries?.[0]?.RegistryId
}

interface SideMenuProps {
  readonly instance: string | undefined
  readonly region: string | undefined
  readonly isOpen: boolean
}

function SideMenu({ instance, region, isOpen }: SideMenuProps) {
  const { t } = useWords()
  const has = useSomeHave(instance)
  const middle =
    region !== undefined
      ? personalMenu(region)
      : instance !== undefined
        ? instanceMenu(instance, has)
        : []
  return (
    <nav aria-label={t('frame.menu')} className={`side ${isOpen ? 'side-open' : ''}`}>
      <MenuGroups groups={generalMenu} />
      {middle.length > 0 && <hr />}
      <MenuGroups groups={middle} />
      <hr />
      <MenuGroups groups={accountMenu} />
    </nav>
  )
}

/** Asked only by those who may know. */
function useSomeHave(instance: string | undefined): SomeHave {
  const { may } = useRights(allNeeds)
  const input = { RegistryId: instance ?? '', Limit: 1 }
  const isThere = instance !== undefined
  const models = useRead('ListAIModels', input, { isEnabled: isThere && may(...listModels) })
  const skills = useRead('ListSkills', input, { isEnabled: isThere && may(...listSkills) })
  return {
    models: (models.data?.TotalCount ?? 0) > 0,
    skills: (skills.data?.TotalCount ?? 0) > 0,
  }
}

/** What every entry of the menu needs, asked once for all pages. */
const allNeeds = neededRights([...generalMenu, ...instanceMenu(''), ...accountMenu])

function MenuGroups({ groups }: { readonly groups: readonly MenuGroup[] }) {
  const { t } = useWords()
  const { isOperator } = usePerson()
  const { may } = useRights(allNeeds)
  const path = useRouterState({ select: (state) => state.location.pathname })
  return groups.map(({ id, label, items }) => {
    const shown = items.filter(
      (item) =>
        (!item.isOperators || isOperator) &&
        (item.needs?.some(([action, resource]) => may(action, resource)) ?? true),
    )
    if (shown.length === 0) return null
    return (
      <div key={id} className="side-group">
        {label !== undefined && <h2>{t(label)}</h2>}
        <ul>
          {shown.map((item) => (
            <li key={item.to}>
              <Link to={item.to} aria-current={isBelow(path, item.to) ? 'page' : undefined}>
                {t(item.label)}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    )
  })
}

/** `/system/accounts` is the entry of all `/system/…`. */
function isBelow(path: string, to: string): boolean {
  if (to === paths.overview()) return path === to
  const root = to === paths.system() ? '/system' : to
  return path === root || path.startsWith(`${root}/`)
}
