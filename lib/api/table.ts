import type { Operation } from './operation'
import { accessOperations } from './operations/access'
import { changeOperations } from './operations/changes'
import { comparisonOperations } from './operations/comparisons'
import { feedOperations } from './operations/feeds'
import { helmRegistryOperations } from './operations/helm-registries'
import { hookOperations } from './operations/hooks'
import { ociRegistryOperations } from './operations/oci-registries'
import { onePackOperations } from './operations/one-pack'
import { packExportOperations } from './operations/pack-export'
import { packFileOperations } from './operations/pack-files'
import { packRegistryOperations } from './operations/pack-registries'
import { packOperations } from './operations/packs'
import { profileOperations } from './operations/profiles'
import { registryOperations } from './operations/registries'
import { webhookOperations } from './operations/webhooks'
import type { OperationId } from './routes'

/** The whole public API as data. The compiler demands an entry for each route, and no other. */
export const TABLE = {
  ...accessOperations,
  ...changeOperations,
  ...feedOperations,
  ...webhookOperations,
  ...registryOperations,
  ...packRegistryOperations,
  ...helmRegistryOperations,
  ...ociRegistryOperations,
  ...hookOperations,
  ...packOperations,
  ...packExportOperations,
  ...comparisonOperations,
  ...packFileOperations,
  ...onePackOperations,
  ...profileOperations,
} satisfies Record<OperationId, Operation>
export type Table = typeof TABLE
