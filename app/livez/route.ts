export const dynamic = 'force-dynamic'

/** The process answers. Whether it can work is another question: readyz. */
export const GET = () => new Response('ok\n', { headers: { 'cache-control': 'no-store' } })
