import assert from 'node:assert/strict'
import { it } from 'node:test'
import { linkedRoleName } from './service-linked.ts'

it('names roles after the product and its part', () => {
  const cases: [string, string | undefined, string][] = [
    ['eks.tke.cloud.tencent.com', undefined, 'TKE_QCSLinkedRoleInEks'],
    ['cvm.qcloud.com', undefined, 'CVM_QCSLinkedRole'],
    ['audit-log.builds.entrepot', 'b', 'ENTREPOT_QCSLinkedRoleInAuditLogBuilds_b'],
  ]
  for (const [service, suffix, name] of cases) assert.equal(linkedRoleName(service, suffix), name)
})
