// From which addresses people may log in: what `CreateSubAccountLoginIpPolicy` set (1 action).

import { type Action, operation } from '../action.ts'
import { ipPolicy, maxIpPolicies } from '../cam/login-security.ts'
import { flag, integer, listOf, nullable, text } from '../fields.ts'
import { action, time } from './parameters.ts'

export const describeSubAccountLoginIpPolicy = action('DescribeSubAccountLoginIpPolicy', {
  doc: {
    en: 'Shows from which addresses sub-accounts may log in, and whether the caller could from here: as it is, or as it would be with the rules that are given. Changes nothing.',
    zh: '查询子账号的登录 IP 策略，以及调用者能否从当前地址登录：按现有策略，或按传入的策略试算。不会更改。',
  },
  kind: 'read',
  access: operation,
  permission: 'cam:DescribeSubAccountLoginIpPolicy',
  input: {
    TriedPolicies: listOf(
      ipPolicy,
      'What the caller is asked about instead of what holds',
      '用于试算的 IP 策略列表，不传为现有策略',
      { maxItems: maxIpPolicies },
    ),
  },
  output: {
    IpPolicies: listOf(ipPolicy, 'The addresses that hold', '现有的 IP 策略列表'),
    Enabled: flag('True: they are asked', 'true 为已启用'),
    CallerAddress: nullable(text('From where the caller comes', '调用者的来源地址')),
    RefusesCaller: flag(
      'True: the caller could not log in from there, if they are asked; never so for the main account',
      'true 为启用时调用者不能从该地址登录，主账号始终为 false',
    ),
    UpdateTime: nullable(time('When they last changed', '最近修改时间')),
    ModifierUin: nullable(integer('Who changed them', '修改人的 uin')),
  },
})

export const loginAddressActions: readonly Action[] = [describeSubAccountLoginIpPolicy]
