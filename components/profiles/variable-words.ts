import type { VariableFormat, VariableInputType } from '@/lib/profiles/variable'

export const FORMAT_NAMES: Record<VariableFormat, string> = {
  string: 'String',
  number: 'Number',
  boolean: 'Boolean',
  ipv4: 'IPv4',
  ipv4cidr: 'IPv4 CIDR',
  ipv6: 'IPv6',
  version: 'Version',
  base64: 'Base64',
}

export const FORMAT_HINTS: Record<VariableFormat, string> = {
  string: 'Any text.',
  number: 'Such as 3 or 0.5.',
  boolean: 'true or false; 1 and 0 are not taken.',
  ipv4: 'Such as 10.0.0.1.',
  ipv4cidr: 'Such as 10.0.0.0/16.',
  ipv6: 'Such as 2001:db8::1.',
  version: 'Three numbers, such as 1.2.3.',
  base64: 'Text in base64.',
}

export const INPUT_NAMES: Record<VariableInputType, string> = {
  text: 'Text',
  dropdown: 'Dropdown',
  multiline: 'Several lines',
}
