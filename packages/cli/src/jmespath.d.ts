declare module 'jmespath' {
  export function compile(expression: string): unknown
  export function search(value: unknown, expression: string): unknown
}
