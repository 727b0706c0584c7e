// Which artifacts are AI models, skills and MCP servers: those that say so by their artifact type, or, where they give
// none, by the type of their config (the rule of the referrers listing, and of `manifests.artifact_type`).

/** CNCF ModelPack 0.x; the same as it was called before, CNAI 0.1; Docker Model Runner; KitOps 1. */
const modelKinds: Readonly<Record<string, string>> = {
  'application/vnd.cncf.model.manifest.v1+json': 'CNAI-Model',
  'application/vnd.cncf.model.config.v1+json': 'CNAI-Model',
  'application/vnd.cnai.model.manifest.v1+json': 'CNAI-Model',
  'application/vnd.cnai.model.config.v1+json': 'CNAI-Model',
  'application/vnd.docker.ai.model.config.v0.1+json': 'Docker-Model',
  'application/vnd.docker.ai.model.config.v0.2+json': 'Docker-Model',
  'application/vnd.docker.ai.model.config.v1+json': 'Docker-Model',
  'application/vnd.kitops.modelkit.manifest.v1+json': 'KitOps-ModelKit',
  'application/vnd.kitops.modelkit.config.v1+json': 'KitOps-ModelKit',
}

export const mcpServer = 'MCP Server'
const skill = 'Skill'

/** Agent Skills as OCI artifacts; those of Alibaba's acr-skill and of ToolHive; descriptions of MCP servers. */
const skillKinds: Readonly<Record<string, string>> = {
  'application/vnd.agentskills.skill.v1': skill,
  'application/vnd.agentskills.skill.config.v1+json': skill,
  'application/vnd.agent.skill.v1+json': skill,
  'dev.toolhive.skills.v1': skill,
  'application/vnd.modelcontextprotocol.server+json': mcpServer,
  'application/vnd.modelcontextprotocol.server.v1+json': mcpServer,
}

export const modelTypes = Object.keys(modelKinds)

/** Of one kind only, where it is named. */
export function skillTypes(kind: string | undefined): readonly string[] {
  return Object.keys(skillKinds).filter((type) => kind === undefined || skillKinds[type] === kind)
}

export function modelKind(artifactType: string): string {
  return modelKinds[artifactType] ?? ''
}

export function skillKind(artifactType: string): string {
  return skillKinds[artifactType] ?? ''
}
