// Deleting more than a call takes: a job deletes one after the other, and its log says what became of each (2 actions).

import { type Action, listed, on } from '../action.ts'
import { list, required, text } from '../fields.ts'
import { namespaceName, registryId, repositoryName } from '../tcr/parameters.ts'
import { action, jobId } from './parameters.ts'

/** A job's row holds them: 128 characters each fill it. */
export const maxRowsPerJob = 400

export const createTagDeletionJob = action('CreateTagDeletionJob', {
  doc: {
    en: 'Deletes many tags of a repository by a job, each by itself: what may not be deleted stays, and the log names it.',
    zh: '通过任务批量删除镜像版本，逐个删除；无法删除的将保留并记入日志。',
  },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  permission: 'tcr:DeleteRepositoryTags',
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    Tags: required(
      list(
        text('A tag', '镜像版本', { minChars: 1, maxChars: 128 }),
        'The tags, 400 at most',
        '镜像版本，一次最多 400 个',
        { minItems: 1, maxItems: maxRowsPerJob },
      ),
    ),
  },
  output: { JobId: jobId },
})

export const createRepositoryDeletionJob = action('CreateRepositoryDeletionJob', {
  doc: {
    en: 'Deletes many repositories with their images by a job, each by itself: what may not be deleted stays, and the log names it.',
    zh: '通过任务批量删除镜像仓库及其镜像，逐个删除；无法删除的将保留并记入日志。',
  },
  kind: 'write',
  access: listed('repository/{RegistryId}/*'),
  permission: 'tcr:DeleteRepository',
  input: {
    RegistryId: registryId,
    RepositoryPaths: required(
      list(
        text('A repository, as `namespace/name`', '镜像仓库，格式为 namespace/name', {
          minChars: 3,
          maxChars: 512,
        }),
        'The repositories, 400 at most and 48,000 characters together',
        '镜像仓库，一次最多 400 个，总长不超过 48000 个字符',
        { minItems: 1, maxItems: maxRowsPerJob },
      ),
    ),
  },
  output: { JobId: jobId },
})

export const bulkDeletionActions: readonly Action[] = [
  createTagDeletionJob,
  createRepositoryDeletionJob,
]
