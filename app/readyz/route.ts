import { isDatabaseReady } from '@/lib/db/in-tenant'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

/** Whether requests can be served: the database answers in time. */
export async function GET() {
  const headers = { 'cache-control': 'no-store' }
  return (await isDatabaseReady())
    ? new Response('ok\n', { headers })
    : new Response('The database does not answer.\n', { status: 503, headers })
}
