// What a new policy may begin as: the cases of the product's documents, of Enterprise and of Personal edition.

import type { WordKey } from '../../words/use-words.ts'
import { newStatement, type Statement, writeDocument } from './document.ts'
import { writeResource } from './resource-names.ts'

/** What the reader is to replace stands in these where nothing was chosen yet. */
export interface TemplatePlace {
  readonly instance: string
  readonly namespace: string
  readonly path: string
}

export interface Template {
  readonly id: string
  readonly label: WordKey
  readonly edition: 'none' | 'enterprise' | 'personal'
  statements(place: TemplatePlace): readonly Statement[]
}

const allow = (actions: readonly string[], resources: readonly string[]): Statement => ({
  ...newStatement,
  actions,
  resources,
})

const everywhere = ['*']
const instanceOf = ({ instance }: TemplatePlace) => writeResource({ kind: 'instance', instance })
const contentsOf = ({ instance }: TemplatePlace) => writeResource({ kind: 'contents', instance })
const namespaceOf = (place: TemplatePlace) => writeResource({ kind: 'namespace', ...place })
const repositoryOf = (place: TemplatePlace) => writeResource({ kind: 'repository', ...place })
const seeInstance = (place: TemplatePlace) => allow(['tcr:DescribeInstance*'], [instanceOf(place)])

export const templates: readonly Template[] = [
  {
    id: 'blank',
    label: 'policies.templateBlank',
    edition: 'none',
    statements: () => [newStatement],
  },
  {
    id: 'all',
    label: 'policies.templateAll',
    edition: 'enterprise',
    statements: () => [allow(['tcr:*'], everywhere)],
  },
  {
    id: 'read',
    label: 'policies.templateRead',
    edition: 'enterprise',
    statements: () => [allow(['tcr:Describe*', 'tcr:PullRepository*'], everywhere)],
  },
  {
    id: 'instance',
    label: 'policies.templateInstance',
    edition: 'enterprise',
    statements: (place) => [allow(['tcr:*'], [instanceOf(place), contentsOf(place)])],
  },
  {
    id: 'namespace',
    label: 'policies.templateNamespace',
    edition: 'enterprise',
    statements: (place) => [allow(['tcr:*'], [namespaceOf(place)]), seeInstance(place)],
  },
  {
    id: 'repository',
    label: 'policies.templateRepository',
    edition: 'enterprise',
    statements: (place) => [
      allow(
        [
          ...['tcr:DescribeNamespaces', 'tcr:DescribeRepositories', 'tcr:DescribeImages'],
          ...['tcr:DescribeImageManifests', 'tcr:PullRepository'],
        ],
        [repositoryOf(place)],
      ),
      seeInstance(place),
    ],
  },
  {
    id: 'personal',
    label: 'policies.templatePersonal',
    edition: 'personal',
    statements: () => [allow(['tcr:*Personal'], everywhere)],
  },
  {
    id: 'personalRead',
    label: 'policies.templatePersonalRead',
    edition: 'personal',
    statements: () => [allow(['tcr:Describe*Personal', 'tcr:PullRepositoryPersonal'], everywhere)],
  },
  {
    id: 'personalNamespace',
    label: 'policies.templatePersonalNamespace',
    edition: 'personal',
    statements: ({ namespace }) => [
      allow(['tcr:*Personal'], [writeResource({ kind: 'personalNamespace', namespace })]),
    ],
  },
  {
    id: 'personalRepository',
    label: 'policies.templatePersonalRepository',
    edition: 'personal',
    statements: ({ namespace, path }) => [
      allow(
        [
          ...['tcr:DescribeRepositoryPersonal', 'tcr:DescribeImagePersonal'],
          'tcr:PullRepositoryPersonal',
        ],
        [writeResource({ kind: 'personalRepository', namespace, path })],
      ),
    ],
  },
]

/** What stands where nothing was chosen: the words of the product's own documents. */
export const examplePlace: TemplatePlace = {
  instance: 'tcr-xxxxxxxx',
  namespace: 'team-01',
  path: 'repo-demo',
}

export function documentOf(id: string, place: TemplatePlace): string {
  const template = templates.find((one) => one.id === id) ?? templates[0]
  return writeDocument(template?.statements(place) ?? [])
}
