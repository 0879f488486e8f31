/** Packages that stand beside the console's program: native code, those that find their own files, those that Next.js and
 * the API must have one of. Everything else becomes part of it. */
export const BESIDE = ['@node-rs/argon2', 'pg', 'pg-boss', 'pino', 'prom-client', 'undici']
