/** Runs once, before the console answers: a setting that is missing or wrong ends it here, with its name. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { mendAddresses } = await import('./lib/api/sound-address')
  const { env } = await import('./lib/env')
  const { keyRing } = await import('./lib/crypto/operator-keys')
  const { egressPolicy } = await import('./lib/registries/check')
  env()
  keyRing()
  egressPolicy()
  mendAddresses()
}
