import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { suggest } from './completion.ts'
import { scripts } from './completion-scripts.ts'
import { runWith, temporaryHome, testTerminal } from './test-terminal.ts'

const offered = (line: string) => suggest(line.split(' '), testTerminal()).map(({ value }) => value)

const cases: readonly [line: string, expected: readonly string[]][] = [
  ['t', ['tcr', 'tag']],
  ['tcr CreateInst', ['CreateInstance', 'CreateInstanceToken', 'CreateInstanceCustomizedDomain']],
  ['--output ', ['json', 'table', 'text']],
  ['--output json ta', ['tag']],
  ['tcr CreateInstance --RegistryT', ['--RegistryType']],
  ['tcr create-instance --registry-t', ['--registry-type']],
  ['tcr CreateInstance --RegistryType ', ['basic', 'standard', 'premium']],
  ['tcr CreateInstance --RegistryType b', ['basic']],
  ['tcr CreateNamespace --is-public ', ['true', 'false']],
  ['entrepot CreateStorageBackend --E', ['--Endpoint']],
  ['configure s', ['set']],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['tcr Nothing --', []],
]

describe('suggestions', () => {
  for (const [line, expected] of cases) {
    it(`for "${line}"`, () => assert.deepEqual(offered(line).toSorted(), [...expected].toSorted()))
  }

  it('say what they mean, in the language of the system', async () => {
    const words = ['__complete', 'tcr', 'DescribeRe']
    const { out } = await runWith({ env: { LANG: 'zh_CN.UTF-8' } }, ...words)
    assert.match(out, /^DescribeRegions\t查询/m)
  })
})

describe('scripts', () => {
  let home: ReturnType<typeof temporaryHome>
  before(() => {
    home = temporaryHome()
    const main = fileURLToPath(new URL('main.ts', import.meta.url))
    const program = join(home.path, 'entrepot')
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`)
    chmodSync(program, 0o755)
    for (const [shell, script] of Object.entries(scripts)) {
      writeFileSync(join(home.path, `entrepot.${shell}`), script)
    }
  })
  after(() => home.remove())

  const inShell = (shell: string, ...args: string[]) =>
    execFileSync(shell, args, {
      encoding: 'utf8',
      cwd: home.path,
      env: { PATH: `${home.path}:${process.env.PATH}`, HOME: home.path, LANG: 'C.UTF-8' },
    })
  const isThere = (shell: string) =>
    ['/bin', '/usr/bin', '/usr/local/bin'].some((folder) => existsSync(join(folder, shell)))

  it('of bash', { skip: !isThere('bash') && 'bash is not installed' }, () => {
    const script = `source entrepot.bash
      COMP_WORDS=(entrepot tcr CreateInstanceT) COMP_CWORD=2
      _entrepot
      printf '%s\\n' "\${COMPREPLY[@]}"`
    assert.equal(inShell('bash', '-c', script), 'CreateInstanceToken\n')
  })

  it('of zsh', { skip: !isThere('zsh') && 'zsh is not installed' }, () => {
    const script = `compdef() { : }
      _describe() { print -l -- "\${found[@]}" }
      source ./entrepot.zsh
      words=(entrepot tcr CreateInstanceT) CURRENT=3
      _entrepot`
    assert.match(inShell('zsh', '-f', '-c', script), /^CreateInstanceToken:\S/)
  })

  it('of fish', { skip: !isThere('fish') && 'fish is not installed' }, () => {
    const script = `source entrepot.fish; complete --do-complete 'entrepot tcr CreateInstanceT'`
    assert.match(inShell('fish', '--no-config', '-c', script), /^CreateInstanceToken\t\S/)
  })

  it('of other shells there are none', async () => {
    assert.equal((await runWith({}, 'completion', 'tcsh')).code, 2)
  })
})
