#!/usr/bin/env node
// `entrepot <command>` from anywhere: the same start as `npm run entrepot -- <command>`.
process.argv.splice(2, 0, 'run')
await import('../../../bootstrap.mjs')
