// The command of a build step as its author wrote it. Docker's classic builder wraps it in a shell, BuildKit adds its
// name, buildah gives the shell's command alone.

export interface LayerCommand {
  /** `RUN`, `COPY` … ; empty: it isn't known. */
  readonly verb: string
  readonly text: string
}

const instruction =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\b/

export function readCommand(createdBy: string | null): LayerCommand {
  const plain = (createdBy ?? '').replace(/\s*# buildkit$/, '').trim()
  const noOperation = /^\/bin\/sh -c #\(nop\)\s+(.*)$/s.exec(plain)?.[1]
  const shell = /^(?:RUN )?(?:\|\d+ .*?)?\/bin\/(?:ba)?sh -c\s+(.*)$/s.exec(plain)?.[1]
  const text = noOperation ?? (shell === undefined ? plain : `RUN ${shell}`)
  const verb = instruction.exec(text)?.[0] ?? ''
  return { verb, text: text.replaceAll(/[ \t]{2,}/g, ' ').trim() }
}
