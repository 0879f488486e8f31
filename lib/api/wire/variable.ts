import { z } from 'zod'

import { NEW_VARIABLE, VARIABLE_FORMATS, VARIABLE_INPUTS, VARIABLES_MAX } from '../../profiles/variable'

/** As a client sends it: what it leaves out counts as empty. A draft may hold what the rules find wrong. */
export const VariableInput = z
  .object({
    name: z.string().min(1, 'Enter a name').max(64, 'Use at most 64 characters'),
    displayName: z.string().max(256).optional(),
    description: z.string().max(4096).optional(),
    format: z.enum(VARIABLE_FORMATS).optional(),
    inputType: z.enum(VARIABLE_INPUTS).optional(),
    options: z
      .array(
        z.object({
          value: z.string().max(65_536),
          label: z.string().max(256).default(''),
          description: z.string().max(4096).default(''),
          default: z.boolean().default(false),
        }),
      )
      .max(1000, 'A list has at most 1,000 options')
      .optional(),
    regex: z.string().max(1024, 'Use at most 1,024 characters').optional(),
    /** Of a masked one: asterisks keep what is there. */
    defaultValue: z.string().max(65_536).optional(),
    required: z.boolean().optional(),
    hidden: z.boolean().optional(),
    immutable: z.boolean().optional(),
    isSensitive: z.boolean().optional(),
  })
  .transform((given) => ({ ...NEW_VARIABLE, ...given }))
export type VariableInput = z.input<typeof VariableInput>

export const Variable = z.strictObject({
  name: z.string(),
  displayName: z.string(),
  description: z.string(),
  format: z.enum(VARIABLE_FORMATS),
  inputType: z.enum(VARIABLE_INPUTS),
  options: z.array(
    z.strictObject({
      value: z.string(),
      label: z.string(),
      description: z.string(),
      default: z.boolean(),
    }),
  ),
  regex: z.string(),
  /** Asterisks where it is masked. */
  defaultValue: z.string(),
  required: z.boolean(),
  hidden: z.boolean(),
  immutable: z.boolean(),
  isSensitive: z.boolean(),
})

export const VariablesInput = z.array(VariableInput).max(VARIABLES_MAX, 'A profile has at most 500 variables')

export const ProfileVariables = z.strictObject({ variables: z.array(Variable) })

/** What the system fills in when a cluster is made: its value is not known before. */
export const Macros = z.strictObject({
  macros: z.array(
    z.strictObject({ name: z.string(), value: z.string(), packyard: z.strictObject({ about: z.string() }) }),
  ),
})
