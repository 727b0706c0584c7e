// How long a decision takes where an account has 10,000 policies of 100 statements and 50 of them are attached to
// the caller: the median, and the first one, which reads and compiles the 50 documents.
//
//   node bench/policies.ts

import { compilePolicy } from '../packages/server/src/policies/compiled.ts'
import type { Context } from '../packages/server/src/policies/conditions.ts'
import { evaluate, type PolicyRequest } from '../packages/server/src/policies/evaluate.ts'
import { reach } from '../packages/server/src/policies/reach.ts'
import { median } from './report.ts'

const policyCount = 10_000
const statementCount = 100
const attachedCount = 50
const firstTimes = 20
const decisions = 20_000
const goals = { firstMs: 50, decisionUs: 100 }
const owner = 100_000_000_001

const context: Context = {
  uin: owner + 1,
  ownerUin: owner,
  appId: 1_250_000_001,
  address: '192.0.2.7',
  nowMs: Date.parse('2026-06-15T12:00:00Z'),
  hasMfa: false,
}

/** The usual kinds: a namespace, a team's prefix, tags, the office's network, a refusal. */
function statement(policy: number, n: number): object {
  const team = `team-${policy}-${n}`
  const at = (path: string) => `qcs::tcr:::repository/tcr-a/${path}`
  switch (n % 5) {
    case 0:
      return { effect: 'allow', action: 'tcr:*', resource: [at(team), at(`${team}/*`)] }
    case 1:
      return {
        effect: 'allow',
        action: ['tcr:Describe*', 'tcr:PullRepository'],
        resource: at(`${team}-*`),
      }
    case 2:
      return {
        effect: 'allow',
        action: ['tcr:PullRepository', 'tcr:PushRepository', 'tcr:CreateRepository'],
        resource: at(`${team}/*`),
        condition: { 'for_any_value:string_equal': { 'qcs:resource_tag': [`team&${team}`] } },
      }
    case 3:
      return {
        effect: 'allow',
        action: 'tcr:*',
        resource: `qcs::tcr:::repository/*/${team}`,
        condition: { ip_equal: { 'qcs:ip': ['10.0.0.0/8', '192.0.2.0/24'] } },
      }
    default:
      return { effect: 'deny', action: 'tcr:Delete*', resource: at(`${team}/release/*`) }
  }
}

function documentOf(policy: number): string {
  const list = Array.from({ length: statementCount }, (_, n) => statement(policy, n))
  return JSON.stringify({ version: '2.0', statement: list })
}

function request(policy: number, n: number): PolicyRequest {
  const action = n % 7 === 0 ? 'tcr:DeleteImage' : 'tcr:PullRepository'
  // One in three is allowed nowhere, so that everything has to be looked at.
  const path = `repository/tcr-a/team-${n % 3 === 0 ? 'x' : policy}-${n % statementCount}/app/web`
  const resource = { service: 'tcr', region: 'ap-guangzhou', ownerUin: owner, path }
  return { action, resources: [resource], context }
}

const documents = Array.from({ length: policyCount }, (_, n) => documentOf(n))
const compile = (first: number) =>
  documents
    .slice(first, first + attachedCount)
    .map((text, n) => compilePolicy(text, { id: 10_000 + first + n, authorUin: owner }))

const firsts = Array.from({ length: firstTimes }, (_, n) => {
  const first = n * attachedCount
  const begun = performance.now()
  evaluate({ identity: compile(first) }, request(first, n))
  return performance.now() - begun
})

const identity = compile(0)
const times: number[] = []
for (let n = 0; n < decisions; n += 1) {
  const asked = request(n % attachedCount, n)
  const begun = performance.now()
  evaluate({ identity }, asked)
  times.push((performance.now() - begun) * 1_000)
}

const place = { service: 'tcr', region: 'ap-guangzhou', ownerUin: owner }
const root = 'repository/tcr-a/'
const lists = Array.from({ length: 200 }, () => {
  const begun = performance.now()
  reach({ identity }, { action: 'tcr:DescribeRepositories', place, root, context })
  return performance.now() - begun
})

const sizeKb = (documents[0]?.length ?? 0) / 1024
console.log(
  `${attachedCount} of ${policyCount} policies, ${statementCount} statements, ${sizeKb.toFixed(0)} KB each`,
)
console.log(
  `first decision: ${firsts[0]?.toFixed(1)} ms, median ${median(firsts).toFixed(1)} ms (≤ ${goals.firstMs})`,
)
console.log(`a decision: median ${median(times).toFixed(1)} µs (≤ ${goals.decisionUs})`)
console.log(`what a list may show: median ${median(lists).toFixed(2)} ms`)
