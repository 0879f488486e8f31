import { handlers } from '@/lib/api/handlers'
import { mount } from '@/lib/api/mount'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

const app = mount(handlers)
const answer = (request: Request) => app.fetch(request)

export { answer as DELETE, answer as GET, answer as HEAD, answer as PATCH, answer as POST, answer as PUT }
