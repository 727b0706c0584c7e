// Writes docs/api-coverage.md anew: `node packages/server/docs/generate.ts`. A test compares.

import { writeFileSync } from 'node:fs'
import { coveragePath, renderCoverage } from '../src/coverage.ts'

writeFileSync(coveragePath, renderCoverage())
