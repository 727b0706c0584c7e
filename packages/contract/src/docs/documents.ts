// Every document that is made from the contract alone: what stands in docs/api.

import { type Action, productVersions } from '../action.ts'
import { renderErrorsPage } from './errors-page.ts'
import { jsonText } from './json-text.ts'
import { languages, pageName } from './markdown.ts'
import { openApi } from './openapi.ts'
import { renderReadmePage } from './readme-page.ts'
import { renderReferencePage } from './reference-page.ts'

/** Below the repository's root. */
export const documentsFolder = 'docs/api'

/** By the name of the file. Products without actions have no page. */
export function documents(actions: readonly Action[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const language of languages) {
    files.set(pageName('README', language), renderReadmePage(actions, language))
    files.set(pageName('errors', language), renderErrorsPage(language))
    for (const product of Object.keys(productVersions)) {
      const own = actions.filter((action) => action.product === product)
      if (own.length === 0) continue
      files.set(pageName(product, language), renderReferencePage(own, language))
    }
  }
  files.set('openapi.json', jsonText(openApi(actions)))
  return files
}
