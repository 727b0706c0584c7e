import type { help as en } from '../en/help.ts'

export const help: { readonly [key in keyof typeof en]: string } = {
  title: '文档',
  pages: '页面',
  none: '没有这个文档页面。',
  instances: '实例',
  access: '账号与访问',
  personal: '个人版',
  immutability: '版本不可变',
  charts: 'Helm Chart',
  aiArtifacts: 'AI 模型与 AI 技能',
  cli: '命令行',
  audit: '操作审计',
  protocol: '仓库协议',
  running: '运行 Entrepot',
  settings: '设置',
  storage: '存储',
  postgresql: 'PostgreSQL',
  tls: 'TLS',
  service: '系统服务',
  cleanUp: '制品清理',
  words: '术语',
}
