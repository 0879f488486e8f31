/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
export const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
