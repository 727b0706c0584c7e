import type { Reply } from '../../api/call.ts'

/** Which tokens of which provider log in, and as whom. */
export type ExchangeRule = NonNullable<Reply<'DescribeTokenExchangeRules'>['Rules']>[number]
