import type { overview as en } from '../en/overview.ts'

export const overview: { readonly [key in keyof typeof en]: string } = {
  title: '概览',
  storage: '存储量',
  traffic: '流出流量',
  public: '公网',
  private: '内网',
  otherInstances: '其他实例',
  range: '时间范围',
  days: '最近 {n} 天',
}
