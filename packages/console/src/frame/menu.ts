// The menu: what there is, in the product's order. An entry is shown when its page would show this person something.

import { paths } from '../paths.ts'
import type { Right } from '../patterns/rights.ts'
import type { WordKey } from '../words/use-words.ts'

export interface MenuItem {
  readonly label: WordKey
  readonly to: string
  /** Any of them is enough; none: everybody. */
  readonly needs?: readonly Right[]
  readonly isOperators?: boolean
}

export interface MenuGroup {
  readonly id: string
  /** Without one its entries stand alone. */
  readonly label?: WordKey
  readonly items: readonly MenuItem[]
}

export const generalMenu: readonly MenuGroup[] = [
  {
    id: 'general',
    items: [
      { label: 'frame.overview', to: paths.overview() },
      {
        label: 'frame.instances',
        to: paths.instances(),
        needs: [['tcr:DescribeInstances']],
      },
    ],
  },
]

export const listModels: Right = ['tcr:ListAIModels']
export const listSkills: Right = ['tcr:ListSkills']

/** Pages that few instances have something for. */
export interface SomeHave {
  readonly models: boolean
  readonly skills: boolean
}

export function instanceMenu(
  id: string,
  has: SomeHave = { models: true, skills: true },
): readonly MenuGroup[] {
  return [
    {
      id: 'content',
      items: [
        {
          label: 'frame.namespaces',
          to: paths.namespaces(id),
          needs: [['tcr:DescribeNamespaces']],
        },
        {
          label: 'frame.repositories',
          to: paths.repositories(id),
          needs: [['tcr:DescribeRepositories']],
        },
        {
          label: 'frame.charts',
          to: paths.charts(id),
          needs: [['tcr:DescribeHelmCharts']],
        },
        ...(has.models
          ? [
              {
                label: 'frame.models',
                to: paths.models(id),
                needs: [listModels],
              } as const,
            ]
          : []),
        ...(has.skills
          ? [
              {
                label: 'frame.skills',
                to: paths.skills(id),
                needs: [listSkills],
              } as const,
            ]
          : []),
      ],
    },
    {
      id: 'credentials',
      label: 'frame.credentials',
      items: [
        { label: 'frame.userCredentials', to: paths.userCredentials(id) },
        {
          label: 'frame.serviceAccounts',
          to: paths.serviceAccounts(id),
          needs: [['tcr:DescribeServiceAccounts']],
        },
      ],
    },
    {
      id: 'tags',
      label: 'frame.tagManagement',
      items: [
        {
          label: 'frame.immutability',
          to: paths.immutability(id),
          needs: [['tcr:DescribeImmutableTagRules']],
        },
        {
          label: 'frame.retention',
          to: paths.retention(id),
          needs: [['tcr:DescribeTagRetentionRules']],
        },
      ],
    },
    {
      id: 'clean-up',
      items: [
        { label: 'frame.cleanUp', to: paths.cleanUp(id), needs: [['tcr:DescribeGCJobs']] },
        {
          label: 'frame.recycleBin',
          to: paths.recycleBin(id),
          needs: [['tcr:DescribeDeletions']],
        },
      ],
    },
    {
      id: 'triggers',
      items: [
        {
          label: 'frame.triggers',
          to: paths.triggers(id),
          needs: [['tcr:DescribeWebhookTrigger']],
        },
      ],
    },
  ]
}

export function personalMenu(region: string): readonly MenuGroup[] {
  return [
    {
      id: 'personal',
      items: [
        { label: 'frame.repositories', to: paths.personal(region, 'repositories') },
        { label: 'frame.namespaces', to: paths.personal(region, 'namespaces') },
        { label: 'frame.favourites', to: paths.personal(region, 'favourites') },
        { label: 'frame.personalCleanUp', to: paths.personal(region, 'cleanup') },
        { label: 'frame.personalPassword', to: paths.personal(region, 'password') },
      ],
    },
  ]
}

export const accountMenu: readonly MenuGroup[] = [
  {
    id: 'access',
    label: 'frame.access',
    items: [
      { label: 'frame.users', to: paths.access('users'), needs: [['cam:ListUsers']] },
      { label: 'frame.groups', to: paths.access('groups'), needs: [['cam:ListGroups']] },
      { label: 'frame.roles', to: paths.access('roles'), needs: [['cam:DescribeRoleList']] },
      { label: 'frame.policies', to: paths.access('policies'), needs: [['cam:ListPolicies']] },
      { label: 'frame.simulator', to: paths.access('simulator'), needs: [['cam:SimulatePolicy']] },
      { label: 'frame.apiKeys', to: paths.access('keys') },
      {
        label: 'frame.providers',
        to: paths.access('providers'),
        needs: [['cam:DescribeOidcProviders']],
      },
    ],
  },
  {
    id: 'account',
    items: [
      { label: 'frame.audit', to: paths.audit(), needs: [['cloudaudit:LookUpEvents']] },
      { label: 'frame.usage', to: paths.usage(), needs: [['tcr:DescribeUsage']] },
      { label: 'frame.jobs', to: paths.jobs(), needs: [['tcr:DescribeJobs']] },
      {
        label: 'frame.system',
        to: paths.system(),
        isOperators: true,
        needs: [['entrepot:DescribeSystem'], ['entrepot:DescribeAccounts']],
      },
    ],
  },
]

/** All that the menu has to know of the person, in one question. */
export function neededRights(groups: readonly MenuGroup[]): readonly Right[] {
  return groups.flatMap((group) => group.items).flatMap((item) => item.needs ?? [])
}
