import { accessHandlers } from './handlers/access'
import { changeHandlers } from './handlers/changes'
import { comparisonHandlers } from './handlers/comparisons'
import { feedHandlers } from './handlers/feeds'
import { helmRegistryHandlers } from './handlers/helm-registries'
import { hookHandlers } from './handlers/hooks'
import { ociRegistryHandlers } from './handlers/oci-registries'
import { onePackHandlers } from './handlers/one-pack'
import { packExportHandlers } from './handlers/pack-export'
import { packFileHandlers } from './handlers/pack-files'
import { packRegistryHandlers } from './handlers/pack-registries'
import { packHandlers } from './handlers/packs'
import { profileHandlers } from './handlers/profiles'
import { registryHandlers } from './handlers/registries'
import { webhookHandlers } from './handlers/webhooks'
import type { Handlers } from './mount'

/** What answers each operation of the table. */
export const handlers: Handlers = {
  ...accessHandlers,
  ...changeHandlers,
  ...feedHandlers,
  ...webhookHandlers,
  ...registryHandlers,
  ...packRegistryHandlers,
  ...helmRegistryHandlers,
  ...ociRegistryHandlers,
  ...hookHandlers,
  ...packHandlers,
  ...packExportHandlers,
  ...comparisonHandlers,
  ...packFileHandlers,
  ...onePackHandlers,
  ...profileHandlers,
}
