// The AI models of an instance; a drawer tells of one: its versions, and what a version says of itself.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange, useList, useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Chip, Digest, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { useNamespaceFilter } from '../repositories/repository-rows.ts'
import { VersionSelect } from './version-select.tsx'

type Model = NonNullable<Reply<'ListAIModels'>['ModelList']>[number]

const pathOf = ({ NamespaceName, ModelName }: Model) => `${NamespaceName}/${ModelName}`

export function ModelsPage() {
  const { t } = useWords()
  useTitle(t('artifacts.models'))
  const instance = useInstanceId()
  const state = useListState()
  const within = state.filter('namespace')
  const list = useList(
    'ListAIModels',
    {
      RegistryId: instance,
      ...(within !== '' && { Namespace: within }),
      ...(state.q !== '' && { SearchKey: state.q }),
    },
    { rows: (reply) => reply.ModelList, total: (reply) => reply.TotalCount },
  )
  const filters = useNamespaceFilter(instance, true)
  const opened = list.rows.find((row) => pathOf(row) === state.open)
  return (
    <ListPage
      title={t('artifacts.models')}
      about={t('artifacts.modelsAbout')}
      help="ai-artifacts"
      list={list}
      state={state}
      searchFor={t('artifacts.search')}
      filters={filters}
      columns={columnsOf(t)}
      rowKey={pathOf}
      countLabel={(n) => t('artifacts.modelCount', { n })}
      empty={<Empty title={t('artifacts.noModels')}>{t('artifacts.noModelsAbout')}</Empty>}
    >
      {opened && (
        <ModelDrawer
          at={{ instance, namespace: opened.NamespaceName, path: opened.ModelName }}
          latest={opened.LatestVersion}
          onClose={() => state.setOpen('')}
        />
      )}
    </ListPage>
  )
}

function columnsOf(t: Words['t']): readonly Column<Model>[] {
  return [
    {
      id: 'name',
      head: t('artifacts.name'),
      cell: (row) => (
        <Link
          to="."
          search={(shown: object) => ({ ...shown, open: pathOf(row) })}
          resetScroll={false}
        >
          <span className="quiet">{row.NamespaceName}/</span>
          {row.ModelName}
        </Link>
      ),
    },
    { id: 'kind', head: t('artifacts.kind'), cell: ({ Kind }) => <Chip>{Kind}</Chip> },
    {
      id: 'latest',
      head: t('artifacts.latest'),
      cell: ({ LatestVersion }) => <code>{LatestVersion}</code>,
    },
    {
      id: 'size',
      head: t('artifacts.size'),
      isNumber: true,
      cell: ({ ImageSize }) => <Bytes value={Number(ImageSize)} />,
    },
    {
      id: 'updated',
      head: t('artifacts.updated'),
      cell: ({ UpdateTime }) => <Time at={UpdateTime} />,
    },
  ]
}

interface ModelDrawerProps {
  readonly at: RepositoryAt
  readonly latest: string
  onClose(): void
}

/** So many are offered; all of them are tags of its repository. */
const offeredVersions = 200

function ModelDrawer({ at, latest, onClose }: ModelDrawerProps) {
  const { t } = useWords()
  const path = `${at.namespace}/${at.path}`
  const [version, setVersion] = useState(latest)
  const [isDeleting, setDeleting] = useState(false)
  const resource = `repository/${at.instance}/${path}`
  const rights = useRights([['tcr:DeleteAIModel', resource]])
  const model = { RegistryId: at.instance, NamespaceName: at.namespace, RepositoryName: at.path }
  const { data: versions } = useRead('ListAIModelVersions', { ...model, Limit: offeredVersions })
  const { data, error } = useRead('DescribeAIModelVersionDetail', { ...model, Reference: version })
  return (
    <Dialog
      title={path}
      form="drawer"
      onClose={onClose}
      foot={
        <>
          {rights.may('tcr:DeleteAIModel', resource) && (
            <Button theme="danger-text" onClick={() => setDeleting(true)}>
              {t('artifacts.deleteVersion')}
            </Button>
          )}
          <LinkButton to={paths.image(at, version)}>{t('artifacts.asArtifact')}</LinkButton>
        </>
      }
    >
      <VersionSelect
        version={version}
        versions={(versions?.VersionList ?? []).map(({ Version, IsRecommended }) => ({
          version: Version,
          label: IsRecommended ? t('artifacts.recommendedVersion', { name: Version }) : Version,
        }))}
        onVersion={setVersion}
      />
      {error && <Failed error={error} />}
      {data ? <ModelFacts model={data.Model} /> : !error && <Skeleton />}
      {isDeleting && (
        <DeleteModelVersion
          at={at}
          version={version}
          onClose={() => setDeleting(false)}
          onDone={onClose}
        />
      )}
    </Dialog>
  )
}

function ModelFacts({ model }: { readonly model: Reply<'DescribeAIModelVersionDetail'>['Model'] }) {
  const { t } = useWords()
  const said = (value: string) =>
    value === '' ? <span className="quiet">–</span> : <bdi>{value}</bdi>
  return (
    <Facts
      facts={[
        {
          label: t('artifacts.recommended'),
          value: t(model.IsRecommended ? 'artifacts.yes' : 'artifacts.no'),
        },
        { label: t('artifacts.framework'), value: said(model.Framework) },
        { label: t('artifacts.precision'), value: said(model.Precision) },
        { label: t('artifacts.fileFormat'), value: said(model.FileFormat) },
        { label: t('artifacts.paramSize'), value: said(model.ParamSize) },
        { label: t('artifacts.family'), value: said(model.Family) },
        { label: t('artifacts.size'), value: <Bytes value={model.Size} /> },
        { label: t('artifacts.digest'), value: <Digest value={model.Digest} /> },
        { label: t('artifacts.pushed'), value: <Time at={model.PushTime} /> },
      ]}
    />
  )
}

interface DeleteModelVersionProps {
  readonly at: RepositoryAt
  readonly version: string
  onClose(): void
  onDone(): void
}

function DeleteModelVersion({ at, version, onClose, onDone }: DeleteModelVersionProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeleteAIModel')
  const name = `${at.namespace}/${at.path}:${version}`
  const item = { NamespaceName: at.namespace, RepositoryName: at.path, Reference: version }
  return (
    <Confirm
      title={t('artifacts.deleteTitle', { name })}
      verb={t('artifacts.deleteVersion')}
      run={() => remove.mutateAsync({ RegistryId: at.instance, Items: [item] })}
      onClose={onClose}
      onDone={() => {
        tell(t('artifacts.deleted', { name }))
        onDone()
      }}
    >
      <p>{t('artifacts.deleteAbout')}</p>
    </Confirm>
  )
}
