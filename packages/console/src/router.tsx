// All pages by their addresses (`paths.ts` makes the links). Each is loaded when it is first gone to.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { basePath } from './api/call.ts'
import { ConnectionBar } from './frame/connection-bar.tsx'
import { Frame } from './frame/frame.tsx'
import { Gate } from './frame/gate.tsx'
import { NoPage } from './frame/no-page.tsx'
import { PageFault } from './frame/page-fault.tsx'
import { type Area, withWords } from './words/load-words.ts'

/** What stands in the query of a list is text, as it was written: no quotes around numbers and booleans. */
function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

function stringifySearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}

const root = createRootRoute({
  component: () => (
    <>
      <ConnectionBar />
      <Outlet />
    </>
  ),
  notFoundComponent: NoPage,
  errorComponent: PageFault,
})

const behindGate = createRoute({
  getParentRoute: () => root,
  id: 'gate',
  component: () => (
    <Gate>
      <Frame />
    </Gate>
  ),
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(
    withWords(['login'], () => import('./pages/login/login.tsx')),
    'LoginPage',
  ),
})

// With the areas of words that it speaks, its own first.
// biome-ignore format: a table, one page a line
const pages = [
  page('/welcome', ['welcome', 'overview', 'refusals', 'repositories'], () => import('./pages/welcome/welcome.tsx'), 'WelcomePage'),
  page('/', ['overview'], () => import('./pages/overview/overview.tsx'), 'OverviewPage'),
  page('/instances', ['instances', 'credentials', 'refusals', 'repositories'], () => import('./pages/instances/instances.tsx'), 'InstancesPage'),
  page('/instances/new', ['instances', 'overview'], () => import('./pages/instances/new-instance.tsx'), 'NewInstancePage'),
  page('/instances/$instance/$tab', ['instances', 'credentials', 'jobs', 'overview', 'refusals', 'repositories'], () => import('./pages/instances/instance.tsx'), 'InstancePage'),
  page('/r/$instance/namespaces', ['namespaces', 'instances', 'repositories'], () => import('./pages/namespaces/namespaces.tsx'), 'NamespacesPage'),
  page('/r/$instance/namespaces/$namespace/$tab', ['namespaces', 'instances', 'repositories'], () => import('./pages/namespaces/namespace.tsx'), 'NamespacePage'),
  page('/r/$instance/repositories', ['repositories'], () => import('./pages/repositories/repositories.tsx'), 'RepositoriesPage'),
  page('/r/$instance/repositories/$namespace/$', ['repositories', 'images'], () => import('./pages/repositories/repository-place.tsx'), 'RepositoryPlacePage'),
  page('/r/$instance/charts', ['charts', 'repositories'], () => import('./pages/charts/charts.tsx'), 'ChartsPage'),
  page('/r/$instance/charts/$namespace/$', ['charts', 'repositories'], () => import('./pages/charts/chart-place.tsx'), 'ChartPlacePage'),
  page('/r/$instance/models', ['artifacts', 'repositories'], () => import('./pages/ai-artifacts/model-list.tsx'), 'ModelsPage'),
  page('/r/$instance/skills', ['artifacts'], () => import('./pages/ai-artifacts/skill-list.tsx'), 'SkillsPage'),
  page('/r/$instance/credentials/user', ['credentials', 'refusals', 'repositories'], () => import('./pages/credentials/user-credentials.tsx'), 'UserCredentialsPage'),
  page('/r/$instance/credentials/service', ['credentials', 'refusals', 'repositories'], () => import('./pages/credentials/service-accounts.tsx'), 'ServiceAccountsPage'),
  page('/r/$instance/credentials/service/new', ['credentials', 'overview', 'refusals', 'repositories'], () => import('./pages/credentials/new-service-account.tsx'), 'NewServiceAccountPage'),
  page('/r/$instance/credentials/service/$account', ['credentials', 'refusals', 'repositories'], () => import('./pages/credentials/service-account.tsx'), 'ServiceAccountPage'),
  page('/r/$instance/immutability', ['immutability'], () => import('./pages/immutability/immutability.tsx'), 'ImmutabilityPage'),
  page('/r/$instance/clean-up', ['cleanUp', 'instances', 'jobs'], () => import('./pages/clean-up/clean-up.tsx'), 'CleanUpPage'),
  page('/r/$instance/clean-up/$cleanup', ['cleanUp', 'instances', 'jobs'], () => import('./pages/clean-up/cleanup.tsx'), 'CleanupPage'),
  page('/r/$instance/triggers', ['triggers'], () => import('./pages/triggers/triggers.tsx'), 'TriggersPage'),
  page('/r/$instance/triggers/$namespace/$trigger/log', ['triggers'], () => import('./pages/triggers/trigger-log.tsx'), 'TriggerLogPage'),
  page('/r/$instance/retention', ['retention'], () => import('./pages/retention/retention.tsx'), 'RetentionPage'),
  page('/r/$instance/retention/$rule', ['retention'], () => import('./pages/retention/runs.tsx'), 'RetentionRunsPage'),
  page('/r/$instance/retention/$rule/runs/$run', ['retention'], () => import('./pages/retention/run.tsx'), 'RetentionRunPage'),
  page('/r/$instance/bin', ['bin', 'repositories'], () => import('./pages/recycle-bin/recycle-bin.tsx'), 'RecycleBinPage'),
  page('/p/$region/$page', ['personal', 'jobs'], () => import('./pages/personal/personal.tsx'), 'PersonalPage'),
  page('/access/users', ['access'], () => import('./pages/access/users.tsx'), 'UsersPage'),
  page('/access/users/$id/$tab', ['access'], () => import('./pages/access/user.tsx'), 'UserPage'),
  page('/access/groups', ['access'], () => import('./pages/access/groups.tsx'), 'GroupsPage'),
  page('/access/groups/$id/$tab', ['access'], () => import('./pages/access/group.tsx'), 'GroupPage'),
  page('/access/roles', ['access'], () => import('./pages/access/roles.tsx'), 'RolesPage'),
  page('/access/roles/$id/$tab', ['access'], () => import('./pages/access/role.tsx'), 'RolePage'),
  page('/access/policies', ['policies'], () => import('./pages/policies/policies.tsx'), 'PoliciesPage'),
  page('/access/policies/new', ['policies'], () => import('./pages/policies/new-policy.tsx'), 'NewPolicyPage'),
  page('/access/policies/$id/$tab', ['policies'], () => import('./pages/policies/policy.tsx'), 'PolicyPage'),
  page('/access/simulator', ['policies'], () => import('./pages/policies/simulator.tsx'), 'SimulatorPage'),
  page('/access/keys', ['access'], () => import('./pages/access/keys.tsx'), 'KeysPage'),
  page('/access/providers', ['access'], () => import('./pages/access/providers.tsx'), 'ProvidersPage'),
  page('/me/$tab', ['me', 'access'], () => import('./pages/me/me.tsx'), 'MePage'),
  page('/audit', ['audit'], () => import('./pages/audit/audit.tsx'), 'AuditPage'),
  page('/usage', ['usage'], () => import('./pages/usage/usage.tsx'), 'UsagePage'),
  page('/jobs', ['jobs', 'instances'], () => import('./pages/jobs/jobs.tsx'), 'JobsPage'),
  page('/jobs/$job', ['jobs', 'instances'], () => import('./pages/jobs/job.tsx'), 'JobPage'),
  page('/system/$tab', ['system', 'jobs'], () => import('./pages/system/system.tsx'), 'SystemPage'),
  page('/help/$page', ['help'], () => import('./pages/help/help.tsx'), 'HelpPage'),
]

function page<N extends string>(
  path: string,
  areas: readonly Area[],
  load: () => Promise<Readonly<Record<N, () => ReactNode>>>,
  name: N,
) {
  const component = lazyRouteComponent(withWords(areas, load), name)
  return createRoute({ getParentRoute: () => behindGate, path, component })
}

export const router = createRouter({
  routeTree: root.addChildren([login, behindGate.addChildren(pages)]),
  basepath: basePath,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFault,
  scrollRestoration: true,
  parseSearch,
  stringifySearch,
})
