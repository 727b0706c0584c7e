import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CompiledPolicy } from '../../packages/server/src/policies/compiled.ts'
import { compilePolicy } from '../../packages/server/src/policies/compiled.ts'
import type { Effect } from '../../packages/server/src/policies/conditions.ts'
import { parsePolicy, parseTrustPolicy } from '../../packages/server/src/policies/document.ts'
import { evaluate, type PolicySets } from '../../packages/server/src/policies/evaluate.ts'
import { PolicyProblem } from '../../packages/server/src/policies/problem.ts'
import { mayReach, reach } from '../../packages/server/src/policies/reach.ts'
import type { Resource } from '../../packages/server/src/policies/resources.ts'
import { simulate } from '../../packages/server/src/policies/simulate.ts'
import { context, onResource, owner } from '../../packages/server/src/policies/test-requests.ts'
import {
  matchesWildcard,
  overlaps,
  parseWildcard,
  restsAfter,
} from '../../packages/server/src/policies/wildcard.ts'
import { fuzzLength, fuzzText, type Random, randomFrom, runs, seed, valueOr } from './generate.ts'

const isProblem = (error: unknown) => error instanceof PolicyProblem

interface WrittenStatement {
  readonly effect: Effect
  readonly action: string
  readonly resource: readonly string[]
  readonly condition?: unknown
}

const actions = ['tcr:PullRepository', 'tcr:PushRepository', 'tcr:DescribeRepositories'] as const
const actionPatterns = ['*', 'tcr:*', 'tcr:P*', 'tcr:Describe*', ...actions] as const
const root = 'repository/tcr-a/'
const names = ['a', 'b', 'ab', 'a-b'] as const
const tagCondition = { 'for_any_value:string_equal': { 'qcs:resource_tag': 'env&dev' } }
const elsewhere = { ip_equal: { 'qcs:ip': '198.51.100.0/24' } }

function randomPath(random: Random): string {
  const depth = 1 + random.whole(3)
  return root + Array.from({ length: depth }, () => random.pick(names)).join('/')
}

/** A path with some of its characters made into stars, so that many statements are about what is asked. */
function randomPattern(random: Random): string {
  let text = randomPath(random)
  for (let left = random.whole(3); left > 0; left -= 1) {
    const at = random.whole(text.length + 1)
    text = `${text.slice(0, at)}*${text.slice(at + random.whole(4))}`
  }
  return random.pick([text, `${text}/*`, '*'])
}

function randomStatement(random: Random, isConditional: boolean): WrittenStatement {
  const resource = Array.from({ length: 1 + random.whole(3) }, () => {
    const path = randomPattern(random)
    return path === '*' && random.whole(3) > 0 ? '*' : `qcs::tcr:::${path}`
  })
  const effect = random.pick<Effect>(['allow', 'allow', 'deny'])
  const action = random.pick(actionPatterns)
  const condition = random.pick([undefined, undefined, tagCondition, elsewhere])
  return isConditional ? { effect, action, resource, condition } : { effect, action, resource }
}

function randomDocument(random: Random, isConditional: boolean): WrittenStatement[] {
  return Array.from({ length: 1 + random.whole(4) }, () => randomStatement(random, isConditional))
}

function compile(statement: readonly WrittenStatement[]): CompiledPolicy {
  return compilePolicy(JSON.stringify({ version: '2.0', statement }), { id: 1, authorUin: owner })
}

function randomResource(random: Random): Resource {
  const tags = random.whole(2) === 0 ? [] : [{ key: 'env', value: random.pick(['dev', 'prod']) }]
  return onResource(randomPath(random), { tags })
}

function randomSets(random: Random, isConditional = true): PolicySets {
  const some = () => compile(randomDocument(random, isConditional))
  return {
    identity: Array.from({ length: random.whole(4) }, some),
    ...(random.whole(3) === 0 && { boundary: some() }),
    ...(random.whole(3) === 0 && { session: [some()] }),
  }
}

/** Repeats with one generator, and tells what to repeat after a failure. */
function check(what: string, once: (random: Random) => void, inputs = runs): void {
  it(`${what} (seed ${seed}, ${inputs} inputs)`, () => {
    const random = randomFrom(seed)
    for (let run = 0; run < inputs; run += 1) {
      try {
        once(random)
      } catch (error) {
        throw new Error(`seed ${seed}, input ${run}`, { cause: error })
      }
    }
  })
}

describe('decisions', () => {
  /** The rules once more, as slowly and plainly as they can be written. */
  function plainly(documents: readonly WrittenStatement[][], action: string, path: string) {
    const isMeant = (pattern: string, text: string) => {
      const escaped = pattern.split('*').map((piece) => RegExp.escape(piece))
      return new RegExp(`^${escaped.join('[^]*')}$`, 'i').test(text)
    }
    const isAbout = (pattern: string) => {
      if (pattern === '*') return true
      const of = pattern.replace('qcs::tcr:::', '')
      return isMeant(of, path) || (of.endsWith('/*') && isMeant(of.slice(0, -2), path))
    }
    const effects = documents.flat().flatMap((statement) => {
      const isIt = isMeant(statement.action, action) && statement.resource.some(isAbout)
      return isIt ? [statement.effect] : []
    })
    if (effects.includes('deny')) return 'deny'
    return effects.includes('allow') ? 'allow' : 'none'
  }

  check(
    'are those of the plainest reading',
    (random) => {
      const documents = Array.from({ length: 1 + random.whole(4) }, () =>
        randomDocument(random, false),
      )
      const identity = documents.map(compile)
      for (const action of actions) {
        const path = randomPath(random)
        const request = { action, resources: [onResource(path)], context }
        const { effect } = evaluate({ identity }, request)
        assert.equal(
          effect,
          plainly(documents, action, path),
          JSON.stringify({ documents, request }),
        )
      }
      // The plain reading is slow.
    },
    runs / 4,
  )

  check('never allow what any policy refuses, nor more under more layers', (random) => {
    const sets = randomSets(random)
    const resource = randomResource(random)
    const request = { action: random.pick(actions), resources: [resource], context }
    const before = evaluate(sets, request)
    const refusing = compile([
      { effect: 'deny', action: request.action, resource: [`qcs::tcr:::${resource.path}`] },
    ])
    assert.equal(evaluate({ ...sets, session: [refusing] }, request).effect, 'deny')
    const identity = [...sets.identity, refusing]
    assert.equal(evaluate({ ...sets, identity }, request).effect, 'deny')
    const narrowed = { ...sets, session: [compile(randomDocument(random, true))] }
    if (before.effect !== 'allow' && sets.session === undefined) {
      assert.notEqual(evaluate(narrowed, request).effect, 'allow')
    }
  })

  check('about a whole set allow no more than those about what is in it', (random) => {
    const sets = randomSets(random, false)
    const set = onResource(`${root}${random.pick(['*', 'a/*', 'a*', '*/b'])}`)
    const action = random.pick(actions)
    if (evaluate(sets, { action, resources: [set], context }).effect !== 'allow') return
    const wanted = parseWildcard(set.path)
    for (let left = 10; left > 0; left -= 1) {
      const one = onResource(randomPath(random))
      if (!matchesWildcard(wanted, one.path)) continue
      assert.equal(evaluate(sets, { action, resources: [one], context }).effect, 'allow')
    }
  })

  check('are those that a simulation explains', (random) => {
    const sets = randomSets(random)
    const resource = randomResource(random)
    const request = { action: random.pick(actions), resources: [resource], context }
    const { decision, considered } = simulate(sets, request)
    const applying = considered.filter((one) => one.coversResource && one.conditionsHold)
    const refused = applying.some(({ effect }) => effect === 'deny')
    assert.equal(decision.effect === 'deny', refused)
    if (decision.by) assert.ok(applying.some(({ effect }) => effect === decision.effect))
  })
})

describe('lists', () => {
  check('show what is allowed on each row', (random) => {
    const sets = randomSets(random)
    const action = random.pick(actions)
    const place = { service: 'tcr', region: 'ap-guangzhou', ownerUin: owner }
    const reached = reach(sets, { action, place, root, context })
    for (let left = 5; left > 0; left -= 1) {
      // On rows with tags it is a condition of SQL, which `access/reach-filter.test.ts` tries.
      const resource = onResource(randomPath(random))
      const isAllowed =
        evaluate(sets, { action, resources: [resource], context }).effect === 'allow'
      const isThrough = mayReach(reached, resource.path.slice(root.length))
      const shown = JSON.stringify({ reached, path: resource.path, isAllowed })
      assert.equal(isThrough, isAllowed, shown)
    }
  })
})

describe('wildcards', () => {
  const letters = ['a', 'b', '*', '*'] as const
  const randomText = (random: Random) =>
    Array.from({ length: random.whole(7) }, () => random.pick(letters)).join('')

  const texts = ['']
  for (const text of texts) if (text.length < 7) texts.push(`${text}a`, `${text}b`)

  check('overlap where a text is meant by both, and leave what may follow', (random) => {
    const [one, other] = [parseWildcard(randomText(random)), parseWildcard(randomText(random))]
    const common = texts.some((t) => matchesWildcard(one, t) && matchesWildcard(other, t))
    if (common) assert.ok(overlaps(one, other), `${one.text} ${other.text}`)
    // With a star in both, what they have in common may be longer than the texts that are tried.
    const pieces = `${one.text}${other.text}`.replaceAll('*', '')
    if (!common && pieces.length < 7) assert.ok(!overlaps(one, other), `${one.text} ${other.text}`)
    const [beginning, rest] = [
      random.pick(['', 'a', 'ab', 'ba']),
      random.pick(['', 'a', 'bb', 'ab']),
    ]
    const rests = restsAfter(one, beginning).map(parseWildcard)
    assert.equal(
      rests.some((pattern) => matchesWildcard(pattern, rest)),
      matchesWildcard(one, beginning + rest),
      `${one.text} after ${beginning}: ${rest}`,
    )
  })
})

describe('documents', () => {
  const statement = {
    effect: 'allow',
    action: ['name/tcr:Describe*', 'ccr:pull', 'permid/1'],
    resource: ['*', 'qcs::tcr:ap-guangzhou:uin/100000000001:repository/tcr-a/team/*'],
    condition: {
      'for_any_value:string_like_if_exist': { 'qcs:resource_tag': ['env&*'] },
      ip_not_equal: { 'qcs:ip': '10.0.0.0/8' },
      null_equal: { 'qcs:request_tag': true },
    },
  }
  const examples = [
    JSON.stringify({ version: '2.0', statement }),
    JSON.stringify({ version: '2.0', statement: [statement, statement] }, null, 1),
  ] as const
  fuzzText('are read, or refused with a place and a rule', [...examples], (text, random) => {
    valueOr(() => parseTrustPolicy(text), isProblem)
    const policy = valueOr(() => compilePolicy(text, { id: 1, authorUin: owner }), isProblem)
    if (!policy) return
    const request = { action: random.pick(actions), resources: [randomResource(random)], context }
    evaluate({ identity: [policy] }, request)
  })
  const values = ['10.0.0.0/8', '2026-01-01T00:00:00Z', 'fd00::/8', '1', 'true', 'YQ=='] as const
  const operators = ['ip_equal', 'date_less_than', 'numeric_equal', 'string_like'] as const
  fuzzText('have values that are read or refused', [...values], (value, random) => {
    const condition = { [random.pick(operators)]: { 'qcs:ip': value } }
    const text = JSON.stringify({ version: '2.0', statement: { ...statement, condition } })
    valueOr(() => parsePolicy(text), isProblem)
  })
  fuzzLength('a document', ['{"a":', '[', '"', '*', '\\u0000', '${', ':', '/*'], (text) => {
    valueOr(() => parsePolicy(text), isProblem)
    const resource = [text, `qcs::tcr:::${text}`].map((of) => of.slice(0, 1024))
    const written = { version: '2.0', statement: { ...statement, action: text, resource } }
    valueOr(() => parsePolicy(JSON.stringify(written)), isProblem)
  })
  fuzzLength('a pattern', ['a*', '*a', '*', 'a', '**b'], (text) => {
    const pattern = parseWildcard(text.slice(0, 1024))
    matchesWildcard(pattern, text.slice(0, 1024))
    matchesWildcard(pattern, `${'a'.repeat(2000)}!`)
    restsAfter(pattern, 'a'.repeat(100))
  })
})
