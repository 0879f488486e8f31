import { redirect } from 'next/navigation'
import type { NextAuthOptions } from 'next-auth'
import { getServerSession } from 'next-auth/next'
import CredentialsProvider from 'next-auth/providers/credentials'

import { AppError } from '../errors'
import type { Role } from './actor'
import { permissionsOf } from './authorize'
import { clientAddress } from './client-address'
import { personOf, type SessionToken } from './person'
import type { Session } from './schema'
import { signIn } from './sign-in'

/** A working day. Its end, a changed password or a disabled account ends the session. */
const SESSION_SECONDS = 8 * 60 * 60

/** Sign-in and sessions by next-auth: credentials now; another provider is one entry more. */
export const authOptions: NextAuthOptions = {
  session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
  pages: { signIn: '/login', error: '/login' },
  providers: [
    CredentialsProvider({
      name: 'Password',
      credentials: { email: {}, password: {} },
      async authorize(credentials, request) {
        const address = clientAddress(request.headers?.['x-forwarded-for'])
        try {
          const user = await signIn(credentials?.email ?? '', credentials?.password ?? '', address)
          return { id: user.id, name: user.name, email: user.email, sessionVersion: user.sessionVersion }
        } catch (error) {
          // next-auth hands the message on to the form.
          if (error instanceof AppError && error.code === 'too_many') throw new Error(error.message)
          return null
        }
      },
    }),
  ],
  callbacks: {
    jwt({ token, user }) {
      if (user) token.sessionVersion = (user as unknown as { sessionVersion: number }).sessionVersion
      return token
    },
  },
}

/** Who is signed in, for a page. */
export async function readSession(): Promise<Session | null> {
  const session = (await getServerSession({
    ...authOptions,
    callbacks: {
      ...authOptions.callbacks,
      session: ({ session, token }) => ({
        ...session,
        token: { sub: token.sub, sessionVersion: token.sessionVersion },
      }),
    },
  })) as { token?: SessionToken } | null
  const user = session?.token ? await personOf(session.token) : null
  return (
    user && {
      user: { uid: user.id, name: user.name, email: user.email },
      tenant: { uid: user.tenantId, name: user.tenantName },
      permissions: permissionsOf(user.role as Role),
    }
  )
}

/** Who is signed in; everybody else goes to the sign-in page. */
export async function requireSession(): Promise<Session> {
  return (await readSession()) ?? redirect('/login')
}
