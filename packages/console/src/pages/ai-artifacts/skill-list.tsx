// The AI skills and MCP servers of an instance; a drawer tells of one: its versions, what it is for, its package.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { DownloadIcon } from 'tdesign-icons-react'
import { call, type Reply } from '../../api/call.ts'
import { useChange, useList, useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Chip, FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { VersionSelect } from './version-select.tsx'
import '../charts/charts.css'

type Skill = NonNullable<Reply<'ListSkills'>['SkillList']>[number]

const mcpServer = 'MCP Server'

export function SkillsPage() {
  const { t } = useWords()
  useTitle(t('artifacts.skills'))
  const instance = useInstanceId()
  const state = useListState()
  const list = useList(
    'ListSkills',
    {
      RegistryId: instance,
      ...(state.filter('kind') === mcpServer && { SkillType: mcpServer }),
      ...(state.q !== '' && { SearchKey: state.q }),
    },
    { rows: (reply) => reply.SkillList, total: (reply) => reply.TotalCount },
  )
  const opened = list.rows.find(({ SkillName }) => SkillName === state.open)
  return (
    <ListPage
      title={t('artifacts.skills')}
      about={t('artifacts.skillsAbout')}
      help="ai-artifacts"
      list={list}
      state={state}
      searchFor={t('artifacts.search')}
      filters={[
        {
          name: 'kind',
          label: t('artifacts.kind'),
          choices: [{ value: mcpServer, label: mcpServer }],
        },
      ]}
      columns={columnsOf(t)}
      rowKey={({ SkillName }) => SkillName}
      countLabel={(n) => t('artifacts.skillCount', { n })}
      empty={<Empty title={t('artifacts.noSkills')}>{t('artifacts.noSkillsAbout')}</Empty>}
    >
      {opened && (
        <SkillDrawer
          instance={instance}
          name={opened.SkillName}
          latest={opened.LatestVersion}
          onClose={() => state.setOpen('')}
        />
      )}
    </ListPage>
  )
}

function columnsOf(t: Words['t']): readonly Column<Skill>[] {
  return [
    {
      id: 'name',
      head: t('artifacts.name'),
      cell: (row) => (
        <div className="chart-title">
          <Link
            to="."
            search={(shown: object) => ({ ...shown, open: row.SkillName })}
            resetScroll={false}
          >
            {row.SkillName}
          </Link>
          {row.Description !== '' && <bdi className="chart-brief">{row.Description}</bdi>}
        </div>
      ),
    },
    {
      id: 'kind',
      head: t('artifacts.kind'),
      cell: ({ SkillType }) => <KindChip kind={SkillType} />,
    },
    { id: 'labels', head: t('artifacts.labels'), cell: ({ Tags }) => <Labels labels={Tags} /> },
    {
      id: 'latest',
      head: t('artifacts.latest'),
      cell: ({ LatestVersion }) => <code>{LatestVersion}</code>,
    },
    {
      id: 'status',
      head: t('artifacts.status'),
      isMinor: true,
      cell: () => <Status tone="good">{t('artifacts.active')}</Status>,
    },
    {
      id: 'updated',
      head: t('artifacts.updated'),
      cell: ({ UpdateTime }) => <Time at={UpdateTime} />,
    },
  ]
}

function KindChip({ kind }: { readonly kind: string }) {
  const { t } = useWords()
  return <Chip>{kind === mcpServer ? mcpServer : t('artifacts.skill')}</Chip>
}

function Labels({ labels }: { readonly labels: readonly string[] | null }) {
  if (!labels || labels.length === 0) return <span className="quiet">–</span>
  return (
    <span className="row">
      {labels.map((label) => (
        <Chip key={label}>{label}</Chip>
      ))}
    </span>
  )
}

interface SkillDrawerProps {
  readonly instance: string
  readonly name: string
  readonly latest: string
  onClose(): void
}

/** So many are offered; all of them are tags of its repository. */
const offeredVersions = 200

function SkillDrawer({ instance, name, latest, onClose }: SkillDrawerProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const [version, setVersion] = useState(latest)
  const [isDeleting, setDeleting] = useState(false)
  const resource = `repository/${instance}/${name}`
  const rights = useRights([
    ['tcr:DeleteSkill', resource],
    ['tcr:DescribeSkillDownloadInfo', resource],
  ])
  const skill = { RegistryId: instance, SkillName: name }
  const { data: versions } = useRead('ListSkillVersions', { ...skill, Limit: offeredVersions })
  const { data, error } = useRead('DescribeSkillDetail', { ...skill, SkillVersion: version })
  const listed = versions?.VersionList?.find(({ Version }) => Version === version)
  const download = async () => {
    try {
      const link = await call('DescribeSkillDownloadInfo', { ...skill, SkillVersion: version })
      window.location.assign(link.PreSignedDownloadURL)
    } catch (thrown) {
      tellError(thrown)
    }
  }
  return (
    <Dialog
      title={name}
      form="drawer"
      onClose={onClose}
      foot={
        <>
          {rights.may('tcr:DeleteSkill', resource) && (
            <Button theme="danger-text" onClick={() => setDeleting(true)}>
              {t('artifacts.deleteVersion')}
            </Button>
          )}
          {rights.may('tcr:DescribeSkillDownloadInfo', resource) && (
            <Button theme="primary" icon={<DownloadIcon />} onClick={() => void download()}>
              {t('artifacts.download')}
            </Button>
          )}
        </>
      }
    >
      <VersionSelect
        version={version}
        versions={(versions?.VersionList ?? []).map(({ Version }) => ({
          version: Version,
          label: Version,
        }))}
        onVersion={setVersion}
      />
      {error && <Failed error={error} />}
      {!data && !error && <Skeleton />}
      {data && (
        <Facts
          facts={[
            {
              label: t('artifacts.description'),
              value: <FreeText text={data.Skill.Description} />,
            },
            { label: t('artifacts.kind'), value: <KindChip kind={data.Skill.SkillType} /> },
            { label: t('artifacts.runtime'), value: <FreeText text={data.Skill.Runtime} /> },
            { label: t('artifacts.labels'), value: <Labels labels={data.Skill.Tags} /> },
            { label: t('artifacts.size'), value: <Bytes value={listed?.Size} /> },
            { label: t('artifacts.pushed'), value: <Time at={data.Skill.UpdateTime} /> },
          ]}
        />
      )}
      {isDeleting && (
        <DeleteSkillVersion
          instance={instance}
          name={name}
          version={version}
          onClose={() => setDeleting(false)}
          onDone={onClose}
        />
      )}
    </Dialog>
  )
}

interface DeleteSkillVersionProps {
  readonly instance: string
  readonly name: string
  readonly version: string
  onClose(): void
  onDone(): void
}

function DeleteSkillVersion(props: DeleteSkillVersionProps) {
  const { instance, name: SkillName, version: SkillVersion, onClose, onDone } = props
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeleteSkill')
  const name = `${SkillName}:${SkillVersion}`
  return (
    <Confirm
      title={t('artifacts.deleteTitle', { name })}
      verb={t('artifacts.deleteVersion')}
      run={() => remove.mutateAsync({ RegistryId: instance, Items: [{ SkillName, SkillVersion }] })}
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
