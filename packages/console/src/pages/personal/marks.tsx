// Whether a repository is open, and whether it is a favourite.

import { StarFilledIcon, StarIcon } from 'tdesign-icons-react'
import { useChange } from '../../api/use-api.ts'
import { IconButton } from '../../patterns/button.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Chip } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'

export function AccessChip({ isPublic }: { readonly isPublic: boolean }) {
  const { t } = useWords()
  return (
    <Chip tone={isPublic ? 'warn' : 'off'}>
      {t(isPublic ? 'personal.public' : 'personal.private')}
    </Chip>
  )
}

interface FavouriteProps {
  readonly name: string
  readonly isFavourite: boolean
}

export function Favourite({ name, isFavourite }: FavouriteProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const add = useChange('CreateFavorRepositoryPersonal')
  const remove = useChange('DeleteFavorRepositoryPersonal')
  const isPending = add.isPending || remove.isPending
  // Shown at once; when it fails the list says how it is.
  const isShown = isPending ? !isFavourite : isFavourite
  return (
    <IconButton
      className="personal-star"
      icon={isShown ? <StarFilledIcon /> : <StarIcon />}
      label={t('personal.favourite', { name })}
      aria-pressed={isShown}
      onClick={() => {
        if (isPending) return
        const change = isFavourite ? remove : add
        change.mutateAsync({ RepoName: name }).catch(tellError)
      }}
    />
  )
}
