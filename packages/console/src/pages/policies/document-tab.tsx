// What a policy says, in words and as JSON; editing it, with the simulator beside.

import { useState } from 'react'
import { EditIcon } from 'tdesign-icons-react'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { RadioField } from '../../patterns/fields.tsx'
import { Form, type FormState, useForm } from '../../patterns/form.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { DeniesMe } from './denies-me.tsx'
import { EditorWithSimulator } from './editor-with-simulator.tsx'
import { kindOf, useDeniesMe } from './holders.ts'
import { useProblems } from './policy-editor.tsx'
import { Summary } from './summary.tsx'
import { DocumentWarnings } from './warnings.tsx'

interface DocumentTabProps {
  readonly id: number
  readonly document: string
  readonly isCustom: boolean
}

/** Begins at `?open=edit`, or at `?open=edit-3` with the document of version 3. */
const editing = /^edit(?:-(\d+))?$/

export function DocumentTab({ id, document, isCustom }: DocumentTabProps) {
  const { t } = useWords()
  const state = useListState()
  const resource = `policyid/${id}`
  const { may } = useRights([
    ['cam:UpdatePolicy', resource],
    ['cam:CreatePolicyVersion', resource],
  ])
  const mayEdit =
    isCustom && (may('cam:UpdatePolicy', resource) || may('cam:CreatePolicyVersion', resource))
  const open = editing.exec(state.open)
  if (open && mayEdit) {
    return <Editing id={id} document={document} version={Number(open[1] ?? 0)} />
  }
  return (
    <>
      <DocumentWarnings text={document} />
      <Panel
        title={t('policies.inWords')}
        actions={
          mayEdit && (
            <Button icon={<EditIcon />} onClick={() => state.setOpen('edit')}>
              {t('policies.edit')}
            </Button>
          )
        }
      >
        {!isCustom && <p className="quiet">{t('policies.presetAbout')}</p>}
        <Summary text={document} />
      </Panel>
      <Panel title={t('policies.json')}>
        <CommandBlock lines={laidOut(document)} label={t('policies.documentJson')} />
      </Panel>
    </>
  )
}

export function laidOut(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), undefined, 2)
  } catch {
    // Written by another release: shown as it is.
    return document
  }
}

interface EditingProps {
  readonly id: number
  readonly document: string
  /** To begin with; 0: the one in force. */
  readonly version: number
}

function Editing({ id, document, version }: EditingProps) {
  const { data, error, isPending } = useRead(
    'GetPolicyVersion',
    { PolicyId: id, VersionId: version },
    { isEnabled: version !== 0 },
  )
  if (version === 0) return <Edit id={id} first={laidOut(document)} />
  if (isPending) return <Skeleton lines={8} />
  if (error) return <Failed error={error} />
  return <Edit id={id} first={laidOut(data.PolicyVersion.Document ?? document)} />
}

interface Values {
  readonly document: string
  readonly how: 'version' | 'replace'
}

const maxVersions = 5
const asked = 200

function Edit({ id, first }: { readonly id: number; readonly first: string }) {
  const { t } = useWords()
  const state = useListState()
  const { tell } = useNotices()
  const resource = `policyid/${id}`
  const { may } = useRights([
    ['cam:UpdatePolicy', resource],
    ['cam:CreatePolicyVersion', resource],
  ])
  const versions = useRead('ListPolicyVersions', { PolicyId: id })
  const isFull = (versions.data?.Versions.length ?? 0) >= maxVersions
  const mayAdd = may('cam:CreatePolicyVersion', resource)
  const addVersion = useChange('CreatePolicyVersion')
  const update = useChange('UpdatePolicy')
  const [asking, setAsking] = useState(false)
  const holders = useRead('ListEntitiesForPolicy', { PolicyId: id, Page: 1, Rp: asked })
  const deniesMe = useDeniesMe()
  const form = useForm<Values>({
    initial: { document: first, how: 'version' },
    submit: ({ document, how }) =>
      how === 'replace' || isFull || !mayAdd
        ? update.mutateAsync({ PolicyId: id, PolicyDocument: document })
        : addVersion.mutateAsync({ PolicyId: id, PolicyDocument: document, SetAsDefault: true }),
    apiNames: { document: 'PolicyDocument' },
  })
  const { document } = form.values
  const problems = useProblems(document)
  const isWrong = problems.some(({ isError }) => isError)
  const have = (holders.data?.List ?? []).map(({ Id, Uin, RelatedType }) => ({
    kind: kindOf(RelatedType),
    id: RelatedType === 1 ? String(Uin) : Id,
  }))
  const done = () => {
    tell(t('policies.saved'))
    state.setOpen('')
  }
  const guarded: FormState<Values> = {
    ...form,
    send: async () => {
      if (!deniesMe(document, have)) return form.send()
      setAsking(true)
      return false
    },
  }
  return (
    <>
      <EditorWithSimulator
        text={document}
        problems={problems}
        policyId={id}
        onText={(text) => form.set('document', text)}
      />
      <section className="panel policy-save" aria-label={t('policies.saveAs')}>
        <Form form={guarded} id="edit-policy" onDone={done}>
          <RadioField
            name="how"
            label={t('policies.saveAs')}
            choices={[
              {
                value: 'version',
                label: t('policies.asVersion'),
                help: isFull
                  ? t('policies.versionsFull', { n: maxVersions })
                  : t('policies.asVersionHelp'),
                isOff: isFull || !mayAdd,
              },
              {
                value: 'replace',
                label: t('policies.asReplacement'),
                help: t('policies.asReplacementHelp'),
                isOff: !may('cam:UpdatePolicy', resource),
              },
            ]}
          />
        </Form>
        {have.length > 0 && <p>{t('policies.inForceFor', { n: holders.data?.TotalNum ?? 0 })}</p>}
      </section>
      <div className="policy-foot">
        <Button onClick={() => state.setOpen('')}>{t('patterns.cancel')}</Button>
        <Button
          theme="primary"
          type="submit"
          form="edit-policy"
          isBusy={form.isBusy}
          blocked={isWrong ? t('policies.mendFirst') : undefined}
        >
          {t('patterns.save')}
        </Button>
      </div>
      {asking && (
        <DeniesMe
          run={async () => {
            setAsking(false)
            if (await form.send()) done()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
