/** What makes our registry server notify the console: lines of its configuration, and the same as variables. */
export function toHookLines({ url, secret }: { url: string; secret: string }) {
  const variable = 'REGISTRY_NOTIFICATIONS_ENDPOINTS_0'
  return {
    file: `notifications:\n  endpoints:\n    - name: packyard\n      url: ${url}\n      secret: ${secret}`,
    variables: `${variable}_URL=${url}\n${variable}_SECRET=${secret}`,
  }
}
