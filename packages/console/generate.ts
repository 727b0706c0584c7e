// Writes src/api/actions.ts: the name, product and types of every action, without the declarations' words and rules,
// which a browser has no use for; and src/api/permissions.ts: what policies name.
//
//   node packages/console/generate.ts

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateActions } from './src/api/generate-actions.ts'
import { generatePermissions } from './src/api/generate-permissions.ts'

const api = join(import.meta.dirname, 'src', 'api')
writeFileSync(join(api, 'actions.ts'), await generateActions())
writeFileSync(join(api, 'permissions.ts'), await generatePermissions())
