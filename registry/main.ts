#!/usr/bin/env node
import packageJson from '@/package.json'

import { loadConfig } from './config/load'
import { createLog } from './log'
import { startRegistry } from './start'
import { StartError } from './start-error'

const HELP = `Packyard's pack registry server.

Usage:
  packyard-registry serve [CONFIG]   start the server
  packyard-registry --version
  packyard-registry --help

CONFIG is a YAML file in the format of Docker Distribution's. Without one, users are read from
/auth/htpasswd-basic, packs are kept in /data, and /certs/tls.crt and /certs/tls.key are used when
they are there. Variables named REGISTRY_ and a key's path set any key, for example:

  REGISTRY_HTTP_ADDR=:5000
  REGISTRY_HTTP_TLS_CERTIFICATE=/certs/tls.crt  REGISTRY_HTTP_TLS_KEY=/certs/tls.key
  REGISTRY_AUTH=htpasswd  REGISTRY_AUTH_HTPASSWD_REALM="Registry Realm"
  REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd-basic      (htpasswd -Bbn USER PASSWORD >> FILE)
  REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=/data
  REGISTRY_LOG_LEVEL=info
`

async function serve(file: string | undefined): Promise<void> {
  const { config, warnings } = await loadConfig(file, process.env)
  const log = createLog(config.log)
  for (const warning of warnings) log.warn(warning)
  const running = await startRegistry(config, log, () => {
    log.fatal('Another process took the data directory over')
    process.exit(1)
  })
  let ending = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // Whoever asks twice does not want to wait.
      if (ending) process.exit(1)
      ending = true
      running.close().then(
        () => process.exit(0),
        (err) => {
          log.fatal({ err }, 'Could not end well')
          process.exit(1)
        },
      )
    })
  console.log(`Packyard registry ${packageJson.version} listens on ${running.url}`)
}

async function main([command, ...rest]: string[]): Promise<void> {
  if (command === 'serve' && rest.length <= 1 && !rest[0]?.startsWith('-')) return serve(rest[0])
  if (command === '--version' || command === 'version')
    console.log(`packyard-registry ${packageJson.version}`)
  else if (command === '--help' || command === 'help' || rest[0] === '--help') process.stdout.write(HELP)
  else {
    process.stderr.write(
      command === undefined ? HELP : `Not understood: ${[command, ...rest].join(' ')}\n\n${HELP}`,
    )
    process.exitCode = 2
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof StartError ? error.message : error)
  process.exit(1)
})
