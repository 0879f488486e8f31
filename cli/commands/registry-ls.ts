import { decodeAuth, readConfig } from '../config-file'
import type { Answer, Context } from '../context'
import { table } from '../table'

/** The registries that somebody logged in to. Passwords are not shown. */
export async function registryLs(context: Context): Promise<Answer> {
  const { auths, defaultRegistry } = await readConfig(context.home)
  const registries = Object.entries(auths).map(([server, login]) => ({
    server,
    user: decodeAuth(login)?.username ?? null,
    insecure: login.insecure === true,
    http: login.http === true,
    default: server === defaultRegistry,
  }))
  if (registries.length === 0)
    return { data: { registries }, lines: ['No logins yet. Log in: packyard registry login SERVER'] }
  return {
    data: { registries },
    lines: table(
      ['SERVER', 'USER', 'CONNECTION', 'DEFAULT'],
      registries.map((one) => [
        one.server,
        one.user ?? '-',
        one.http ? 'plain HTTP' : one.insecure ? 'TLS, not verified' : 'TLS',
        one.default ? 'yes' : '',
      ]),
    ),
  }
}
