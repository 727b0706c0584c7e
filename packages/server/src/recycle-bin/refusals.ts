// Why something can't come back, and what to do.

import { ApiError } from '@entrepot/contract/errors.ts'

/** It was restored, purged, or its time was over. */
export function deletionUnknown(id: string): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: {
      en: `${id} is not in the recycle bin: it was restored, purged, or its time was over`,
      zh: `回收站中没有 ${id}：可能已恢复、已彻底删除或已到期`,
    },
    detail: { deletion: id },
  })
}

export function contentGone({ path, name }: { readonly path: string; readonly name: string }) {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: {
      en: `what ${name} of ${path} was is gone for good`,
      zh: `${path} 中的 ${name} 的内容已被彻底删除`,
    },
    detail: { repository: path, name },
  })
}

/** A tag or a manifest whose repository was deleted too. */
export function repositoryAway({
  path,
  deletion_id: deletionId,
}: {
  readonly path: string
  readonly deletion_id: string | null
}): ApiError {
  const isBack = deletionId !== null
  return new ApiError('NAME_UNKNOWN', {
    message: {
      en: isBack
        ? `the repository ${path} that it lay in is in the recycle bin too: restore that first`
        : `the repository ${path} that it lay in is gone for good`,
      zh: isBack
        ? `所在的仓库 ${path} 也在回收站中，请先恢复该仓库`
        : `所在的仓库 ${path} 已被彻底删除`,
    },
    detail: { repository: path, ...(isBack && { deletion: deletionId }) },
  })
}

export function repositoryTaken(path: string, isBorn: boolean): ApiError {
  return new ApiError('REPOSITORY_EXISTS', {
    message: {
      en: isBorn
        ? `there is a new repository ${path}: delete it first, then restore this one`
        : `a push into a new repository ${path} has begun: repeat when it is over or was given up`,
      zh: isBorn
        ? `已存在新的仓库 ${path}，请先删除后再恢复`
        : `正在向新的仓库 ${path} 推送，请在其结束或取消后重试`,
    },
    detail: { repository: path },
  })
}

export function namespaceTaken(name: string): ApiError {
  return new ApiError('NAMESPACE_EXISTS', {
    message: {
      en: `the namespace ${name} that it lay in was deleted, and there is a new one of that name`,
      zh: `所在的命名空间 ${name} 已被删除，且已存在同名的新命名空间`,
    },
    detail: { namespace: name },
  })
}
