import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCommand } from './layer-command.ts'

describe('the command of a build step', () => {
  const cases: readonly [createdBy: string | null, verb: string, text: string][] = [
    [null, '', ''],
    ['/bin/sh -c #(nop)  CMD ["nginx"]', 'CMD', 'CMD ["nginx"]'],
    ['/bin/sh -c apk add curl', 'RUN', 'RUN apk add curl'],
    ['RUN /bin/sh -c apk add curl # buildkit', 'RUN', 'RUN apk add curl'],
    ['RUN |1 A=b /bin/sh -c echo $A # buildkit', 'RUN', 'RUN echo $A'],
    ['COPY /out / # buildkit', 'COPY', 'COPY /out /'],
    ['ENV TZ=Asia/Shanghai', 'ENV', 'ENV TZ=Asia/Shanghai'],
    ['crane append', '', 'crane append'],
  ]
  for (const [createdBy, verb, text] of cases) {
    it(String(createdBy), () => assert.deepEqual(readCommand(createdBy), { verb, text }))
  }
})
