// All pages by their addresses (`paths.ts` makes the links). Each is loaded when it is first gone to.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { basePath } from './api/call.ts'
import { Frame } from './frame/frame.tsx'
import { Gate } from './frame/gate.tsx'
import { NoPage } from './frame/no-page.tsx'
import { PageFault } from './frame/page-fault.tsx'

/** What stands in the query of a list is text, as it was written: no quotes around numbers and booleans. */
function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

function stringifySearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}

const root = createRootRoute({ notFoundComponent: NoPage, errorComponent: PageFault })

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
  component: lazyRouteComponent(() => import('./pages/login/login.tsx'), 'LoginPage'),
})

// biome-ignore format: a table, one page a line
const pages = [
  page('/welcome', lazyRouteComponent(() => import('./pages/welcome/welcome.tsx'), 'WelcomePage')),
  page('/', lazyRouteComponent(() => import('./pages/overview/overview.tsx'), 'OverviewPage')),
  page('/instances', lazyRouteComponent(() => import('./pages/instances/instances.tsx'), 'InstancesPage')),
  page('/instances/new', lazyRouteComponent(() => import('./pages/instances/new-instance.tsx'), 'NewInstancePage')),
  page('/instances/$instance/$tab', lazyRouteComponent(() => import('./pages/instances/instance.tsx'), 'InstancePage')),
  page('/r/$instance/namespaces', lazyRouteComponent(() => import('./pages/namespaces/namespaces.tsx'), 'NamespacesPage')),
  page('/r/$instance/namespaces/$namespace/$tab', lazyRouteComponent(() => import('./pages/namespaces/namespace.tsx'), 'NamespacePage')),
  page('/r/$instance/repositories', lazyRouteComponent(() => import('./pages/repositories/repositories.tsx'), 'RepositoriesPage')),
  page('/r/$instance/repositories/$namespace/$', lazyRouteComponent(() => import('./pages/repositories/repository-place.tsx'), 'RepositoryPlacePage')),
  page('/r/$instance/credentials/user', lazyRouteComponent(() => import('./pages/credentials/user-credentials.tsx'), 'UserCredentialsPage')),
  page('/r/$instance/credentials/service', lazyRouteComponent(() => import('./pages/credentials/service-accounts.tsx'), 'ServiceAccountsPage')),
  page('/r/$instance/credentials/service/new', lazyRouteComponent(() => import('./pages/credentials/new-service-account.tsx'), 'NewServiceAccountPage')),
  page('/r/$instance/credentials/service/$account', lazyRouteComponent(() => import('./pages/credentials/service-account.tsx'), 'ServiceAccountPage')),
  page('/r/$instance/immutability', lazyRouteComponent(() => import('./pages/immutability/immutability.tsx'), 'ImmutabilityPage')),
  page('/p/$region/$page', lazyRouteComponent(() => import('./pages/personal/personal.tsx'), 'PersonalPage')),
  page('/access/users', lazyRouteComponent(() => import('./pages/access/users.tsx'), 'UsersPage')),
  page('/access/users/$id/$tab', lazyRouteComponent(() => import('./pages/access/user.tsx'), 'UserPage')),
  page('/access/groups', lazyRouteComponent(() => import('./pages/access/groups.tsx'), 'GroupsPage')),
  page('/access/groups/$id/$tab', lazyRouteComponent(() => import('./pages/access/group.tsx'), 'GroupPage')),
  page('/access/roles', lazyRouteComponent(() => import('./pages/access/roles.tsx'), 'RolesPage')),
  page('/access/roles/$id/$tab', lazyRouteComponent(() => import('./pages/access/role.tsx'), 'RolePage')),
  page('/access/policies', lazyRouteComponent(() => import('./pages/policies/policies.tsx'), 'PoliciesPage')),
  page('/access/policies/new', lazyRouteComponent(() => import('./pages/policies/new-policy.tsx'), 'NewPolicyPage')),
  page('/access/policies/$id/$tab', lazyRouteComponent(() => import('./pages/policies/policy.tsx'), 'PolicyPage')),
  page('/access/simulator', lazyRouteComponent(() => import('./pages/policies/simulator.tsx'), 'SimulatorPage')),
  page('/access/keys', lazyRouteComponent(() => import('./pages/access/keys.tsx'), 'KeysPage')),
  page('/access/providers', lazyRouteComponent(() => import('./pages/access/providers.tsx'), 'ProvidersPage')),
  page('/me/$tab', lazyRouteComponent(() => import('./pages/me/me.tsx'), 'MePage')),
  page('/audit', lazyRouteComponent(() => import('./pages/audit/audit.tsx'), 'AuditPage')),
  page('/usage', lazyRouteComponent(() => import('./pages/usage/usage.tsx'), 'UsagePage')),
  page('/jobs', lazyRouteComponent(() => import('./pages/jobs/jobs.tsx'), 'JobsPage')),
  page('/jobs/$job', lazyRouteComponent(() => import('./pages/jobs/job.tsx'), 'JobPage')),
  page('/system/$tab', lazyRouteComponent(() => import('./pages/system/system.tsx'), 'SystemPage')),
  page('/help/$page', lazyRouteComponent(() => import('./pages/help/help.tsx'), 'HelpPage')),
]

function page(path: string, component: ReturnType<typeof lazyRouteComponent>) {
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
