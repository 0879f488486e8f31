import { type NextRequest, NextResponse } from 'next/server'

const SIGN_IN = '/login'
const SESSION_COOKIE = /^(?:__Secure-)?next-auth\.session-token(?:\.\d+)?$/
const HSTS_SECONDS = 365 * 24 * 60 * 60

/**
 * What may run in a page. Scripts need the nonce of this one answer, so an injected one does not run.
 *
 * Styles may stand inline: components set positions and colours by `style`, which runs nothing.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Content_Security_Policy_Cheat_Sheet.html
 */
function policy(nonce: string): string {
  // React's development build explains errors by eval.
  const development = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // Large texts are checked beside the page.
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Stands before every page. Whether a session still holds is for the pages' layout to say. */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  const hasSession = request.cookies.getAll().some(({ name }) => SESSION_COOKIE.test(name))
  if (!hasSession && pathname !== SIGN_IN) {
    const to = new URL(SIGN_IN, request.url)
    if (pathname !== '/' || search) to.searchParams.set('from', pathname + search)
    return withTransportSecurity(NextResponse.redirect(to))
  }

  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const csp = policy(nonce)
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce) // for the layout
  headers.set('content-security-policy', csp) // where Next.js finds the nonce for its own scripts
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', csp)
  return withTransportSecurity(response)
}

/** Only where people reach the console by https: elsewhere it would lock them out. */
function withTransportSecurity(response: NextResponse): NextResponse {
  if (process.env.PACKYARD_URL?.startsWith('https:'))
    response.headers.set('strict-transport-security', `max-age=${HSTS_SECONDS}`)
  return response
}

export const config = {
  // Pages only: not the API, sign-in's own routes, probes and files.
  matcher: [
    '/((?!v1/|v1$|api/|livez$|readyz$|metrics$|_next/static/|_next/image|icon\\.svg$|favicon\\.ico$).*)',
  ],
}
