/** What a profile asks of whoever makes a cluster of it. Pure: the builder knows it too. */

export const VARIABLE_FORMATS = [
  'string',
  'number',
  'boolean',
  'ipv4',
  'ipv4cidr',
  'ipv6',
  'version',
  'base64',
] as const
export type VariableFormat = (typeof VARIABLE_FORMATS)[number]

export const VARIABLE_INPUTS = ['text', 'dropdown', 'multiline'] as const
export type VariableInputType = (typeof VARIABLE_INPUTS)[number]

export interface VariableOption {
  value: string
  label: string
  description: string
  default: boolean
}

export interface Variable {
  name: string
  displayName: string
  description: string
  format: VariableFormat
  inputType: VariableInputType
  options: VariableOption[]
  /** RE2. Empty for none. */
  regex: string
  /** `MASK` for a masked one that is kept and not shown. */
  defaultValue: string
  required: boolean
  hidden: boolean
  /** Read-only: nobody changes it when a cluster is made. */
  immutable: boolean
  /** Masked: its default leaves the console in no answer. */
  isSensitive: boolean
}

/** Stands for a masked default that is kept: what is read, and what is sent back to keep it. */
export const MASK = '********'

export const NEW_VARIABLE: Variable = {
  name: '',
  displayName: '',
  description: '',
  format: 'string',
  inputType: 'text',
  options: [],
  regex: '',
  defaultValue: '',
  required: false,
  hidden: false,
  immutable: false,
  isSensitive: false,
}

export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/
export const VARIABLE_NAME_MAX = 64
export const VARIABLES_MAX = 500

/** What counts where nobody enters anything: the default, or the option that is marked. */
export const defaultOf = (variable: Variable): string =>
  variable.defaultValue ||
  (variable.inputType === 'dropdown' ? (variable.options.find((one) => one.default)?.value ?? '') : '')

/** How values name it. */
export const referenceTo = (name: string): string => `{{.spectro.var.${name}}}`
