#!/usr/bin/env node
// Docker finds it on the PATH, and starts it with one of its verbs.
process.argv.splice(2, 0, 'run', 'docker-credential')
await import('../../../bootstrap.mjs')
