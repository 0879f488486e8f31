import type { OperationId } from '@/lib/api/routes'
import { type Answer, ApiError, call, open, type Request } from '@/lib/client/call'

const PROJECT_KEY = 'packyard.project'

/** The project that a person works in; empty for the tenant itself. Kept in the browser. */
export const readProject = (): string =>
  typeof localStorage === 'undefined' ? '' : (localStorage.getItem(PROJECT_KEY) ?? '')

export function writeProject(uid: string): void {
  if (uid) localStorage.setItem(PROJECT_KEY, uid)
  else localStorage.removeItem(PROJECT_KEY)
}

/** Calls the public API as the person who is signed in. A session that is over leads to the sign-in page. */
export const api = <K extends OperationId>(
  id: K,
  request: Request<K>,
  signal?: AbortSignal,
): Promise<Answer<K>> => asPerson((transport) => call(id, request, { signal, transport }))

/** The same for an operation that answers with a file. */
export const apiFile = <K extends OperationId>(
  id: K,
  request: Request<K>,
  signal?: AbortSignal,
): Promise<Response> => asPerson((transport) => open(id, request, { signal, transport }))

async function asPerson<T>(work: (transport: { headers: Record<string, string> }) => Promise<T>): Promise<T> {
  const project = readProject()
  try {
    return await work({ headers: project ? { ProjectUid: project } : {} })
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
