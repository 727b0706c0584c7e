// The Chinese catalogue; its types hold that it has what the English one has.

import { access } from './zh/access.ts'
import { artifacts } from './zh/artifacts.ts'
import { audit } from './zh/audit.ts'
import { bin } from './zh/bin.ts'
import { charts } from './zh/charts.ts'
import { cleanUp } from './zh/clean-up.ts'
import { credentials } from './zh/credentials.ts'
import { frame } from './zh/frame.ts'
import { help } from './zh/help.ts'
import { images } from './zh/images.ts'
import { immutability } from './zh/immutability.ts'
import { instances } from './zh/instances.ts'
import { jobs } from './zh/jobs.ts'
import { login } from './zh/login.ts'
import { me } from './zh/me.ts'
import { namespaces } from './zh/namespaces.ts'
import { overview } from './zh/overview.ts'
import { patterns } from './zh/patterns.ts'
import { personal } from './zh/personal.ts'
import { policies } from './zh/policies.ts'
import { refusals } from './zh/refusals.ts'
import { repositories } from './zh/repositories.ts'
import { retention } from './zh/retention.ts'
import { system } from './zh/system.ts'
import { triggers } from './zh/triggers.ts'
import { usage } from './zh/usage.ts'
import { welcome } from './zh/welcome.ts'

export const zh = {
  frame,
  patterns,
  login,
  welcome,
  overview,
  immutability,
  cleanUp,
  triggers,
  bin,
  instances,
  namespaces,
  repositories,
  images,
  charts,
  artifacts,
  credentials,
  refusals,
  access,
  policies,
  me,
  personal,
  audit,
  usage,
  jobs,
  retention,
  system,
  help,
}
