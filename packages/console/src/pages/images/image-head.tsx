// The head of an image's page: what it is called, what else names it, and what can be done with it.

import { Link, useNavigate } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import { EllipsisIcon } from 'tdesign-icons-react'
import { paths, type RepositoryAt } from '../../paths.ts'
import { DetailHead } from '../../patterns/detail.tsx'
import { shortDigest } from '../../patterns/format.ts'
import { Menu, type MenuEntry } from '../../patterns/menu.tsx'
import { PeopleNames } from '../../patterns/people-names.tsx'
import { Bytes, Chip, Digest, Time } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { ByWhom } from '../repositories/by-whom.tsx'
import { CopyImage } from '../repositories/copy-image.tsx'
import { DeleteTags } from '../repositories/delete-tags.tsx'
import { PullMenu } from '../repositories/pull-menu.tsx'
import { useRegistryAddresses } from '../repositories/registry-address.ts'
import { fullPath, useRepositoryRights } from '../repositories/repository-input.ts'
import { TagHistory } from '../repositories/tag-history.tsx'
import { artifactTypeWord } from './artifact-type.ts'
import { DeleteDigest } from './delete-digest.tsx'
import type { Manifest } from './image.tsx'

interface ImageHeadProps {
  readonly at: RepositoryAt
  /** Undefined: the address names the digest. */
  readonly tag: string | undefined
  readonly manifest: Manifest
}

type Opened = 'copy' | 'history' | 'deleteTag' | 'deleteDigest'

export function ImageHead({ at, tag, manifest }: ImageHeadProps) {
  const { t } = useWords()
  const [opened, setOpened] = useState<Opened>()
  const path = fullPath(at)
  const address = useRegistryAddresses(at.instance)[0]
  const host = address?.host
  const digest = manifest.Digest
  const name = tag === undefined ? `${path}@${shortDigest(digest)}` : `${path}:${tag}`
  const whole = tag === undefined ? `${path}@${digest}` : `${path}:${tag}`
  return (
    <>
      <DetailHead
        name={name}
        copy={host === undefined ? whole : `${host}/${whole}`}
        state={<Chip>{artifactTypeWord(manifest, t)}</Chip>}
        facts={<HeadFacts at={at} tag={tag} manifest={manifest} />}
        actions={
          <>
            <PullMenu
              at={at}
              address={address}
              tag={tag}
              digest={digest}
              isChart={manifest.Kind === 'Chart'}
              isWhole
            />
            <ImageMenu at={at} tag={tag} manifest={manifest} open={setOpened} name={name} />
          </>
        }
      />
      <Dialogs
        at={at}
        tag={tag}
        manifest={manifest}
        opened={opened}
        close={() => setOpened(undefined)}
      />
    </>
  )
}

/** In the head; all are in the list of tags. */
const namedSiblings = 8

function HeadFacts({ at, tag, manifest }: ImageHeadProps) {
  const { t } = useWords()
  const others = manifest.Tags.filter((one) => one !== tag)
  const rest = manifest.TagCount - (tag === undefined ? 0 : 1) - namedSiblings
  return (
    <>
      <Digest value={manifest.Digest} />
      {manifest.Kind !== 'Index' && (
        <span>
          <Bytes value={manifest.Size} /> {t('images.compressed')}
        </span>
      )}
      {others.length > 0 && (
        <span>
          {t(tag === undefined ? 'images.tagsOf' : 'images.alsoTagged')}{' '}
          {others.slice(0, namedSiblings).map((one, index) => (
            <Fragment key={one}>
              {index > 0 && ', '}
              <Link to={paths.image(at, one)}>
                <bdi>{one}</bdi>
              </Link>
            </Fragment>
          ))}
          {rest > 0 && ` +${rest}`}
        </span>
      )}
      <span>
        {t('images.pushedAt')} <Time at={manifest.PushTime} />{' '}
        <PeopleNames of={[manifest.PushedBy]}>
          <ByWhom name={manifest.PushedBy} />
        </PeopleNames>
      </span>
      <span>
        {t('images.pulledAt')} <Time at={manifest.LastPullTime} none={t('images.never')} />
        {manifest.PullCount > 0 && ` · ${t('images.pulls', { n: manifest.PullCount })}`}
      </span>
    </>
  )
}

interface ImageMenuProps extends ImageHeadProps {
  readonly name: string
  open(what: Opened): void
}

function ImageMenu({ at, tag, manifest, name, open }: ImageMenuProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { mayCopy, mayDeleteTags, mayDeleteDigest } = useRepositoryRights(at)
  const entry = (
    id: Opened,
    label: string,
    { isDangerous = false, isKept = false } = {},
  ): MenuEntry => ({
    id,
    label,
    isDangerous,
    blocked: isKept ? t('repositories.immutableHelp') : undefined,
    onSelect: () => open(id),
  })
  const kept = manifest.ImmutableTags
  const compare: MenuEntry = {
    id: 'compare',
    label: t('images.compare'),
    onSelect: () => {
      const a = tag ?? manifest.Digest
      const [to = ''] = paths.compare(at, a, '').split('?')
      void navigate({ to, search: () => ({ a }) })
    },
  }
  return (
    <Menu
      label={t('images.actionsOf', { name })}
      button={<EllipsisIcon />}
      className="button icon-button"
      entries={[
        compare,
        ...(mayCopy ? [entry('copy', t('images.copy'))] : []),
        ...(tag === undefined ? [] : [entry('history', t('images.tagHistory'))]),
        ...(mayDeleteTags && tag !== undefined
          ? [
              entry('deleteTag', t('images.deleteTag'), {
                isDangerous: true,
                isKept: kept.includes(tag),
              }),
            ]
          : []),
        ...(mayDeleteDigest
          ? [
              entry('deleteDigest', t('images.deleteVerb'), {
                isDangerous: true,
                isKept: kept.length > 0,
              }),
            ]
          : []),
      ]}
    />
  )
}

interface DialogsProps extends ImageHeadProps {
  readonly opened: Opened | undefined
  close(): void
}

function Dialogs({ at, tag, manifest, opened, close }: DialogsProps) {
  const navigate = useNavigate()
  const { mayRetag } = useRepositoryRights(at)
  const leave = () => void navigate({ to: paths.repository(at) })
  switch (opened) {
    case undefined:
      return null
    case 'copy':
      return (
        <CopyImage at={at} reference={tag ?? manifest.Digest} tag={tag ?? ''} onClose={close} />
      )
    case 'history':
      return <TagHistory at={at} tag={tag ?? ''} mayMove={mayRetag} onClose={close} />
    case 'deleteDigest':
      return <DeleteDigest at={at} digest={manifest.Digest} onClose={close} onDone={leave} />
    case 'deleteTag':
      return (
        <DeleteTags
          at={at}
          tags={[
            {
              Tag: tag ?? '',
              Digest: manifest.Digest,
              SameDigestTags: manifest.Tags.filter((one) => one !== tag),
              SameDigestCount: manifest.TagCount - 1,
              ReferrerCount: manifest.ReferrerCount,
              PullCount: manifest.PullCount,
              LastPullTime: manifest.LastPullTime,
            },
          ]}
          onClose={close}
          onDone={leave}
        />
      )
  }
}
