import { encode } from 'next-auth/jwt'

import type { Actor, Role } from '@/lib/access/actor'
import { hashPassword } from '@/lib/access/password'
import { findProjects, insertUser } from '@/lib/access/store'
import { handlers } from '@/lib/api/handlers'
import { mount } from '@/lib/api/mount'
import { newUid } from '@/lib/uid'
import { startWeb, type TestServer } from './servers'
import { newTenant } from './tenant'

export const ORIGIN = 'http://127.0.0.1:3000'
export const PASSWORD = 'a password for tests'

export interface Person {
  id: string
  email: string
  actor: Actor
}

interface Options {
  headers?: Record<string, string>
  body?: unknown
}

const app = mount(handlers)

/** Sends one request to the public API, in this process. A text is sent as it stands. */
export async function send(method: string, path: string, { headers, body }: Options = {}): Promise<Response> {
  return app.fetch(
    new Request(`${ORIGIN}${path}`, {
      method,
      headers: {
        host: new URL(ORIGIN).host,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
}

/** A tenant of its own with an admin and a viewer who can sign in. */
export async function newConsole() {
  const { tenantId, admin, viewer } = await newTenant()
  const passwordHash = await hashPassword(PASSWORD)
  const person = async (actor: Actor, role: Role): Promise<Person> => {
    const email = `${role}-${newUid()}@example.com`
    await insertUser({ id: actor.id, tenantId, email, name: role, passwordHash, role })
    return { id: actor.id, email, actor }
  }
  const [project] = await findProjects(tenantId)
  return {
    tenantId,
    projectId: project?.id ?? '',
    admin: await person(admin, 'tenant-admin'),
    viewer: await person(viewer, 'tenant-viewer'),
  }
}

/** What a program sends after it signed in: the token as it stands. */
export async function signIn({ email }: Person): Promise<{ authorization: string }> {
  const response = await send('POST', '/v1/auth/authenticate', {
    body: { emailId: email, org: '', password: PASSWORD },
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  const { Authorization } = (await response.json()) as { Authorization: string }
  return { authorization: Authorization }
}

/** The cookie that a person's browser holds after signing in. */
export async function sessionCookie({ id }: Person, sessionVersion = 1): Promise<{ cookie: string }> {
  const token = await encode({
    token: { sub: id, sessionVersion },
    secret: process.env.NEXTAUTH_SECRET ?? '',
  })
  return { cookie: `next-auth.session-token=${token}` }
}

/** The public API on a port of its own, for programs. */
export async function serveApi(): Promise<TestServer & { url: string }> {
  const server = await startWeb(async (incoming, outgoing) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of incoming) chunks.push(chunk as Uint8Array)
    const answer = await app.fetch(
      new Request(`http://${incoming.headers.host}${incoming.url}`, {
        method: incoming.method ?? 'GET',
        headers: incoming.headers as Record<string, string>,
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      }),
    )
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
    outgoing.end(Buffer.from(await answer.arrayBuffer()))
  })
  return { ...server, url: `http://127.0.0.1:${server.port}` }
}
