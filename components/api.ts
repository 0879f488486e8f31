import type { OperationId } from '@/lib/api/routes'
import { type Answer, ApiError, call, type Request } from '@/lib/client/call'

const PROJECT_KEY = 'packyard.project'

/** The project that a person works in; empty for the tenant itself. Kept in the browser. */
export const readProject = (): string =>
  typeof localStorage === 'undefined' ? '' : (localStorage.getItem(PROJECT_KEY) ?? '')

export function writeProject(uid: string): void {
  if (uid) localStorage.setItem(PROJECT_KEY, uid)
  else localStorage.removeItem(PROJECT_KEY)
}

/** Calls the public API as the person who is signed in. A session that is over leads to the sign-in page. */
export async function api<K extends OperationId>(
  id: K,
  request: Request<K>,
  signal?: AbortSignal,
): Promise<Answer<K>> {
  const project = readProject()
  try {
    return await call(id, request, {
      signal,
      transport: { headers: project ? { ProjectUid: project } : {} },
    })
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      const from = `${location.pathname}${location.search}`
      location.assign(`/login?${new URLSearchParams({ from })}`)
    }
    throw error
  }
}

/** One message for each field at fault, by its path in the request; empty where the API named none. */
export function fieldErrors(error: unknown): Record<string, string> {
  const details = error instanceof ApiError ? error.details : null
  const fields = (details as { fields?: Record<string, string> } | null)?.fields
  return fields ?? {}
}
