import type { Connection } from '../adapters/schema'
import type { RegistryInput } from './schema'

/** What a person entered, as the columns that adding and changing a registry both write. The secret is not among them. */
export const columnsOf = (
  input: Omit<RegistryInput, 'kind' | 'auth' | 'tls' | 'oci'>,
  connection: Connection,
) => ({
  name: input.name,
  endpoint: connection.endpoint,
  authType: connection.auth.type,
  username: connection.auth.type === 'basic' ? connection.auth.username : '',
  ca: connection.tls.ca,
  clientCertificate: connection.tls.client?.certificate ?? '',
  insecureSkipVerify: connection.tls.insecureSkipVerify,
  ...connection.oci,
  isPrivate: input.isPrivate,
  labels: input.labels,
  annotations: input.annotations,
  syncEveryMinutes: input.syncEveryMinutes,
  filter: input.filter ?? {},
  paused: input.paused,
})
