import { z } from 'zod'

import { RegistryKind } from '../../adapters/schema'
import { OciSpecInput } from './oci-registry'
import { UidParams } from './parts'
import { FilterPreviewInput, RegistrySpecInput } from './registry'

/** What is entered of a registry of any kind, before it is saved. */
export const CheckSpecInput = OciSpecInput.extend({
  /** What the form begins with. To save one, clients of the original mean Helm charts when they say nothing. */
  providerType: OciSpecInput.shape.providerType.unwrap().default('pack'),
  name: RegistrySpecInput.shape.name,
  private: RegistrySpecInput.shape.private,
})
export type CheckSpecInput = z.infer<typeof CheckSpecInput>

export const CheckInput = z.object({
  /** Test a registry as it is stored. Then nothing else may be given: a stored secret goes nowhere else. */
  registryUid: UidParams.shape.uid.optional(),
  kind: RegistryKind.default('pack'),
  spec: CheckSpecInput.optional(),
})

export const PreviewInput = FilterPreviewInput.extend({
  kind: RegistryKind.default('pack'),
  spec: CheckSpecInput.optional(),
})
