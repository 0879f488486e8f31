import { answerMetrics } from '@/lib/metrics'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

/** What monitoring reads of this console: docs/production.md */
export const GET = (request: Request) => answerMetrics(request.headers.get('authorization'))
