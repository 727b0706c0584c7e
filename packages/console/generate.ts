// Writes src/api/actions.ts: the name, product and types of every action, without the declarations' words and rules,
// which a browser has no use for.
//
//   node packages/console/generate.ts

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateActions } from './src/api/generate-actions.ts'

writeFileSync(join(import.meta.dirname, 'src', 'api', 'actions.ts'), await generateActions())
