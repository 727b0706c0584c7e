import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ociCommands, repositoryCommands } from './helm-commands.ts'

const source = {
  address: { host: 'shop.example.com', isPlain: false },
  instanceName: 'shop',
  namespace: 'front',
  name: 'web',
  version: '1.0.0',
}

it('a chart repository is named after the instance and the namespace', () => {
  const { add, pull, install, push } = repositoryCommands(source, '100')
  assert.equal(
    add,
    "helm repo add shop-front https://shop.example.com/chartrepo/front --username '100'\nhelm repo update",
  )
  assert.equal(pull, 'helm pull shop-front/web --version 1.0.0')
  assert.equal(install, 'helm install web shop-front/web --version 1.0.0')
  assert.match(push, /helm cm-push web-1\.0\.0\.tgz shop-front$/)
})

it('OCI takes the path, and is told of plain HTTP', () => {
  const plain = { ...source, address: { host: 'localhost:5000', isPlain: true }, name: 'team/web' }
  const { pull, push } = ociCommands({ ...plain, version: undefined })
  assert.equal(pull, 'helm pull --plain-http oci://localhost:5000/front/team/web')
  assert.equal(push, 'helm push --plain-http web-0.1.0.tgz oci://localhost:5000/front/team')
})
