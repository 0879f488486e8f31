import { headers } from 'next/headers'

import type { api } from '@/components/api'
import { handlers } from '@/lib/api/handlers'
import { mount } from '@/lib/api/mount'
import { call } from '@/lib/client/call'

/** One for the process: it is the same for every page. */
const mounted = mount(handlers)
const ORIGIN = 'http://console'

/**
 * The public API for a page while it is made: called as whoever asked for the page, in this process and without a
 * connection. So what a page begins with is what its queries would fetch, by the same rules.
 */
export async function apiHere(): Promise<typeof api> {
  const cookie = (await headers()).get('cookie') ?? ''
  const fetchHere = async (address: RequestInfo | URL, init: RequestInit = {}) => {
    const request = new Request(address, init)
    request.headers.set('cookie', cookie)
    // It comes from the console itself, as what its pages send does.
    request.headers.set('host', new URL(ORIGIN).host)
    request.headers.set('origin', ORIGIN)
    return mounted.fetch(request)
  }
  return (id, request, signal) =>
    call(id, request, { signal, transport: { baseUrl: ORIGIN, fetch: fetchHere as typeof fetch } })
}
