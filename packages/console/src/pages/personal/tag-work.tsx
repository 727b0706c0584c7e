// What is done with tags of a repository: which others name the same image, copying one, deleting several.

import { call } from '../../api/call.ts'
import { useChange, useRead, useRefresh } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface TagProps {
  readonly name: string
  readonly tag: string
  onClose(): void
}

/** Other tags of the repository that name the same image. */
function useSameTags(name: string, tag: string, isEnabled = true) {
  const { data, error } = useRead(
    'DescribeImageFilterPersonal',
    { RepoName: name, Tag: tag },
    { isEnabled },
  )
  return { tags: data?.Data.SameImages?.filter((other) => other !== tag), error }
}

export function SameContent({ name, tag, onClose }: TagProps) {
  const { t } = useWords()
  const { tags, error } = useSameTags(name, tag)
  return (
    <Dialog
      title={t('personal.sameAs', { name: tag })}
      onClose={onClose}
      foot={<Button onClick={onClose}>{t('patterns.close')}</Button>}
    >
      {error ? (
        <Failed error={error} />
      ) : !tags ? (
        <Skeleton />
      ) : tags.length === 0 ? (
        <p className="quiet">{t('personal.noneSame')}</p>
      ) : (
        <ul className="personal-names">
          {tags.map((other) => (
            <li key={other}>
              <bdi>{other}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}

const pathPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*\/[a-z0-9]+(?:[._-][a-z0-9]+)*$/
const tagPattern = /^[\w][\w.-]{0,127}$/

export function CopyTag({ name, tag, onClose }: TagProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const copy = useChange('DuplicateImagePersonal')
  const form = useForm({
    initial: { repository: name, tag: '' },
    check: (values) => ({
      repository: pathPattern.test(values.repository) ? undefined : t('personal.pathRule'),
      tag: tagPattern.test(values.tag) ? undefined : t('personal.tagRule'),
    }),
    submit: (values) =>
      copy.mutateAsync({
        SrcImage: `${name}:${tag}`,
        DestImage: `${values.repository}:${values.tag}`,
      }),
    apiNames: { tag: 'DestImage' },
  })
  const target = `${form.values.repository}:${form.values.tag}`
  return (
    <FormDialog
      title={t('personal.copyTitle', { name: `${name}:${tag}` })}
      kind="dialog"
      form={form}
      verb={t('personal.copy')}
      onClose={onClose}
      onDone={() => {
        tell(t('personal.copied', { name: target }))
        onClose()
      }}
    >
      <TextField name="repository" label={t('personal.toRepository')} isRequired />
      <TextField
        name="tag"
        label={t('personal.toTag')}
        help={t('personal.copyHelp')}
        maxLength={128}
        isRequired
        hasFocus
      />
    </FormDialog>
  )
}

/** Of one call. */
const maxDeleted = 100
const namedAtOnce = 10
/** More than so many at once: the name of the repository is typed. */
const maxUntyped = 20

interface DeleteTagsProps {
  readonly name: string
  readonly tags: readonly string[]
  onClose(): void
}

export function DeleteTags({ name, tags, onClose }: DeleteTagsProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const refresh = useRefresh()
  const [first = ''] = tags
  const isOne = tags.length === 1
  const same = useSameTags(name, first, isOne)
  async function run(): Promise<void> {
    try {
      for (let at = 0; at < tags.length; at += maxDeleted) {
        const Tags = tags.slice(at, at + maxDeleted)
        await call('BatchDeleteImagePersonal', { RepoName: name, Tags })
      }
    } finally {
      await refresh()
    }
  }
  return (
    <Confirm
      title={
        isOne
          ? t('personal.deleteTagTitle', { name: first })
          : t('personal.deleteTagsTitle', { n: tags.length })
      }
      verb={t('personal.deleteTags', { n: tags.length })}
      typeName={tags.length > maxUntyped ? name : undefined}
      isWaiting={isOne && same.tags === undefined && !same.error}
      run={run}
      onClose={onClose}
      onDone={() => tell(t('personal.tagsDeleted', { n: tags.length }))}
    >
      {isOne ? (
        <p>
          {t('personal.onlyThisTag')}{' '}
          {same.tags && same.tags.length > 0
            ? t('personal.sameStay', {
                n: same.tags.length,
                names: same.tags.slice(0, namedAtOnce).join(', '),
              })
            : t('personal.lastName')}
        </p>
      ) : (
        <details open={tags.length <= namedAtOnce}>
          <summary>{t('personal.tagCount', { n: tags.length })}</summary>
          <ul className="personal-names">
            {tags.map((tag) => (
              <li key={tag}>
                <bdi>{tag}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p>{t('personal.noUndo')}</p>
    </Confirm>
  )
}
