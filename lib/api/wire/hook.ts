import { z } from 'zod'

import { Time } from './parts'

/** How a registry tells the console that packs have changed. */
export const Hook = z.strictObject({
  /** Where it has to be posted to. */
  url: z.string(),
  on: z.boolean(),
  madeTime: Time.nullable(),
  /** When the registry last told of changes. */
  heardTime: Time.nullable(),
})

/** With the secret that signs: told here and never again. */
export const MadeHook = z.strictObject({ url: z.string(), secret: z.string() })
