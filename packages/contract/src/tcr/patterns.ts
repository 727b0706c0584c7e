// Patterns over repositories and tags: `*` within a path segment, `**` across segments, `?`, `{a,b}`.

import { text } from '../fields.ts'

export const maxPatternChars = 512

export const repositoryPattern = text(
  'Pattern of repositories: * ** ? {a,b}; empty means all',
  '仓库匹配规则：* ** ? {a,b}，为空表示全部',
  { maxChars: maxPatternChars },
)

export const tagPattern = text(
  'Pattern of tags: * ? {a,b}; empty means all',
  '版本匹配规则：* ? {a,b}，为空表示全部',
  { maxChars: maxPatternChars },
)
