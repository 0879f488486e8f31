import { z } from 'zod'

import { RegistryKind } from '../../adapters/schema'
import { OciSpecInput } from './oci-registry'
import { FilterPreviewInput, RegistrySpecInput } from './registry'

/** What is entered of a registry of any kind, before it is saved. */
export const CheckSpecInput = OciSpecInput.extend({
  name: RegistrySpecInput.shape.name,
  private: RegistrySpecInput.shape.private,
})
export type CheckSpecInput = z.infer<typeof CheckSpecInput>

export const CheckInput = z.object({
  /** Test a registry as it is stored. Then nothing else may be given: a stored secret goes nowhere else. */
  registryUid: z.string().optional(),
  kind: RegistryKind.default('pack'),
  spec: CheckSpecInput.optional(),
})

export const PreviewInput = FilterPreviewInput.extend({
  kind: RegistryKind.default('pack'),
  spec: CheckSpecInput.optional(),
})
