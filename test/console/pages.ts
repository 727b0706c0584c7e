// Every page of the console: its address, and the heading by which a person knows that it is the page.

import type { Seeds } from './seeds.ts'
import type { Stage } from './stage.ts'

export interface ConsolePage {
  readonly path: string
  /** The same in both languages where it is a name. */
  readonly heading: string | readonly [en: string, zh: string]
}

/** The order is the menu's. */
export function pagesOf(
  { instance }: Pick<Stage, 'instance'>,
  seeds: Seeds,
): readonly ConsolePage[] {
  const r = `/r/${instance}`
  const repository = `${r}/repositories/front/nginx/-`
  const chart = `${r}/charts/front/shop/-`
  const person = `/access/users/${seeds.user}`
  const group = `/access/groups/${seeds.group}`
  const role = `/access/roles/${seeds.role}`
  const policy = `/access/policies/${seeds.policy}`
  // biome-ignore format: a table, one page a line
  const rows: readonly (readonly [path: string, en: string, zh?: string])[] = [
    ['/', 'Overview', '概览'],
    ['/welcome', 'Welcome', '欢迎使用'],
    ['/instances', 'Instances', '实例管理'],
    ['/instances/new', 'Create instance', '创建实例'],
    [`/instances/${instance}/basic`, 'default'],
    [`${r}/namespaces`, 'Namespaces', '命名空间'],
    [`${r}/namespaces/front/basic`, 'front'],
    [`${r}/namespaces/front/repositories`, 'front'],
    [`${r}/repositories`, 'Image repositories', '镜像仓库'],
    [`${repository}/tags`, 'front/nginx'],
    [`${repository}/info`, 'front/nginx'],
    [`${repository}/commands`, 'front/nginx'],
    [`${repository}/tags/1.28.0/layers`, 'front/nginx:1.28.0'],
    [`${repository}/digests/${seeds.digest}/layers`, 'front/nginx'],
    [`${repository}/compare?a=1.27.1&b=1.28.0`, 'Compare', '对比'],
    [`${r}/charts`, 'Helm charts', 'Helm Chart'],
    [`${chart}/versions`, 'front/shop'],
    [`${chart}/commands`, 'front/shop'],
    [`${chart}/versions/1.1.0/readme`, 'front/shop 1.1.0'],
    [`${chart}/versions/1.1.0/files`, 'front/shop 1.1.0'],
    [`${chart}/versions/1.1.0/info`, 'front/shop 1.1.0'],
    [`${chart}/compare?a=1.0.0&b=1.1.0`, 'Compare values', '对比 values'],
    [`${r}/models`, 'AI models', 'AI 模型'],
    [`${r}/skills`, 'AI skills', 'AI 技能'],
    [`${r}/bin`, 'Recycle bin', '回收站'],
    [`${r}/credentials/user`, 'User-level accounts', '用户级账号'],
    [`${r}/credentials/service`, 'Service accounts', '服务级账号'],
    [`${r}/credentials/service/new`, 'Create service account', '新建服务级账号'],
    [`${r}/credentials/service/tcr$ci-front`, 'tcr$ci-front'],
    [`${r}/clean-up`, 'Storage clean-up', '制品清理'],
    [`${r}/triggers`, 'Triggers (webhooks)', '触发器'],
    [`${r}/triggers/front/${seeds.trigger}/log`, 'Delivery log of deploy', 'deploy 的触发日志'],
    [`${r}/retention`, 'Tag retention', '版本保留'],
    [`/p/${seeds.region}/repositories`, 'Image repositories', '镜像仓库'],
    [`/p/${seeds.region}/namespaces`, 'Namespaces', '命名空间'],
    [`/p/${seeds.region}/favourites`, 'Favourites', '我的收藏'],
    [`/p/${seeds.region}/cleanup`, 'Image clean-up', '镜像清理'],
    [`/p/${seeds.region}/password`, 'Login password', '登录密码'],
    [`/p/${seeds.region}/migration`, 'Move to Enterprise Edition', '迁移至企业版'],
    ['/access/users', 'Users', '用户'],
    [`${person}/basic`, 'lin'],
    ['/access/groups', 'User groups', '用户组'],
    [`${group}/basic`, 'front'],
    ['/access/roles', 'Roles', '角色'],
    [`${role}/basic`, 'deployer'],
    ['/access/policies', 'Policies', '策略'],
    ['/access/policies/new', 'Create custom policy', '新建自定义策略'],
    [`${policy}/basic`, 'pull-front'],
    ['/access/simulator', 'Policy simulator', '策略模拟'],
    ['/access/keys', 'API keys', 'API 密钥'],
    ['/access/providers', 'Identity providers', '身份提供商'],
    ['/me/profile', 'My profile', '个人中心'],
    ['/audit', 'Operation audit', '操作审计'],
    ['/usage', 'Usage', '用量'],
    ['/jobs', 'Jobs', '任务'],
    [`/jobs/${seeds.job}`, 'Move storage', '迁移存储'],
    ['/system/accounts', 'System', '系统'],
    ['/system/health', 'System', '系统'],
    ['/system/storage', 'System', '系统'],
    ['/system/forwarding', 'System', '系统'],
    ['/system/settings', 'System', '系统'],
    ['/help/access', 'Access', '访问控制'],
  ]
  return rows.map(([path, en, zh]) => ({ path, heading: zh === undefined ? en : [en, zh] }))
}

export function headingIn({ heading }: ConsolePage, language: 'en' | 'zh'): string {
  if (typeof heading === 'string') return heading
  return heading[language === 'en' ? 0 : 1]
}
