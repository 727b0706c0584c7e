export async function doctor(_print: (line: string) => void): Promise<number> {
  return 0
}
