#!/usr/bin/env node
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

import { Command, CommanderError, Option } from 'commander'

import type { RegistryKind } from '@/lib/adapters/schema'

import { showVersion } from './commands/version'
import { addConsolePacks } from './console-packs'
import type { Answer, Context } from './context'
import { CliError, EXIT } from './errors'
import { jsonOutput, type Output, textOutput } from './output'
import { PACK_TEMPLATES, type PackTemplate } from './pack-templates'

const EXIT_CODES = `
Exit codes:
  0    done, or nothing to do
  1    failed: the pack, the registry, the console or the way to it; the message says which
       (and with packs diff --exit-code: they differ)
  2    wrong use: options, arguments, no login
  124  what was waited for has not ended in time; it goes on
  130  interrupted`

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stop.abort(new CliError('cancelled', 'Interrupted.')))

const isJson = readsJson(process.argv)
const output: Output = (isJson ? jsonOutput : textOutput)(process.stdout, process.stderr)
// `packyard pack ls | head` is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

/** Known before the command line is read in full, since that may fail. */
function readsJson(argv: string[]): boolean {
  const at = argv.findIndex((one) => one === '-o' || one === '--output')
  return argv[at + 1] === 'json' || argv.includes('--output=json') || argv.includes('-ojson')
}

const program = new Command('packyard')
  .description('Pushes packs to pack registries and pulls them, and speaks to the console.')
  .addOption(new Option('-o, --output <format>', 'what is printed').choices(['text', 'json']).default('text'))
  .addOption(
    new Option('-s, --home <dir>', 'where logins are kept')
      .env('PACKYARD_HOME')
      .default(join(homedir(), '.packyard'), '~/.packyard'),
  )
  .version(showVersion().lines.join('\n'), '--version', 'print the version')
  .addHelpText('afterAll', EXIT_CODES)

/** Runs a command and prints what it has to say. */
const run =
  <A extends unknown[]>(work: (context: Context, ...args: A) => Promise<Answer>) =>
  async (...args: A): Promise<void> => {
    const context: Context = {
      home: resolve(program.opts<{ home: string }>().home),
      signal: stop.signal,
      warn: output.warn,
      progress: output.progress,
    }
    const answer = await work(context, ...args)
    output.answer(answer)
    process.exitCode = answer.exitCode ?? EXIT.ok
  }

const SERVER_HELP = 'host, host:port or either with https:// in front'
const SERVER_FLAG = [
  '-r, --registry-server <server>',
  'registry; else the default, or the only login',
] as const

const registry = program.command('registry').description('Logins to pack registries.')
registry
  .command('login')
  .description('Log in to a registry: prove user name and password, and keep them.')
  .argument('<server>', SERVER_HELP)
  .option('-i, --insecure', 'do not verify the certificate; if there is no TLS, speak plain HTTP')
  .option('-d, --default', 'make it the registry of all commands that name none')
  .option('-u, --username <user>', 'user name')
  .option('-p, --password <password>', 'password; others on this machine can see it')
  .option('--password-stdin', 'read the password from standard input')
  .addHelpText(
    'after',
    `
Certificates are trusted as this machine trusts them, and by
/etc/spectro/certs.d/<server>/ca.crt or <home>/certs.d/<server>/ca.crt.`,
  )
  .action(
    run(async (context, server: string, options: object) =>
      (await import('./commands/registry-login')).registryLogin(context, server, options),
    ),
  )
registry
  .command('logout')
  .description('Forget the login to a registry.')
  .argument('<server>', SERVER_HELP)
  .action(
    run(async (context, server: string) =>
      (await import('./commands/registry-logout')).registryLogout(context, server),
    ),
  )
registry
  .command('ls')
  .description('List the logins.')
  .action(run(async (context) => (await import('./commands/registry-ls')).registryLs(context)))

const pack = program.command('pack').description('Packs in a directory, and in a registry.')
pack
  .command('push')
  .description('Check a pack and push it under the version in its pack.json.')
  .argument('<dir>', 'directory that holds pack.json')
  .option(...SERVER_FLAG)
  .option('-f, --force', 'replace the version if it exists with other content; needs --message')
  .option('-m, --message <text>', 'why')
  .addHelpText(
    'after',
    `
Everything in the directory is pushed, but for folders of version control (.git,
.hg, .svn, .bzr, CVS) and folders without files. Links are refused.`,
  )
  .action(
    run(async (context, dir: string, options: object) =>
      (await import('./commands/pack-push')).packPush(context, dir, options),
    ),
  )
pack
  .command('pull')
  .description('Fetch a pack into a directory, byte for byte.')
  .argument('<pack>', 'NAME (its newest version), NAME:TAG or NAME@DIGEST')
  .argument('<dir>', 'directory: empty, or not there yet')
  .option(...SERVER_FLAG)
  .option('-f, --force', 'write over what is in the directory; other files stay')
  .action(
    run(async (context, reference: string, dir: string, options: object) =>
      (await import('./commands/pack-pull')).packPull(context, reference, dir, options),
    ),
  )
pack
  .command('ls')
  .description('List the packs of a registry.')
  .argument('[server]', 'the same as --registry-server')
  .option(...SERVER_FLAG)
  .option('-n, --name <text>', 'only packs with this in their name')
  .action(
    run(async (context, server: string | undefined, options: { registryServer?: string; name?: string }) => {
      const { packLs } = await import('./commands/pack-ls')
      return packLs(context, { ...options, registryServer: options.registryServer ?? server })
    }),
  )
const tag = pack.command('tag').description('Other names of a version, such as stable.')
tag
  .command('add')
  .description('Give a version another tag. One that is there already moves to it.')
  .argument('<pack>', 'NAME:TAG or NAME@DIGEST')
  .argument('<label>', 'the new tag')
  .option('-g, --group <group>', 'what stands before the tag: GROUP__LABEL')
  .option(...SERVER_FLAG)
  .action(
    run(async (context, source: string, label: string, options: object) =>
      (await import('./commands/pack-tag')).packTagAdd(context, source, label, options),
    ),
  )
/** Also `pack rm`. */
const addDelete = (command: Command) =>
  command
    .argument('<pack>', 'NAME:TAG; or NAME@DIGEST: the content, and every tag of it')
    .option(...SERVER_FLAG)
    .action(
      run(async (context, reference: string, options: object) =>
        (await import('./commands/pack-tag')).packTagDelete(context, reference, options),
      ),
    )
addDelete(tag.command('delete').alias('rm').description('Take a tag away.'))
addDelete(pack.command('rm').description('Take a version away, as pack tag delete does.'))
pack
  .command('init')
  .description('Write a small pack to begin with.')
  .argument('<dir>', 'directory: empty, or not there yet')
  .addOption(new Option('-t, --template <what>', 'what it is').choices(PACK_TEMPLATES).default('manifest'))
  .option('-n, --name <name>', 'its name; else the directory’s')
  .option('--pack-version <version>', 'its version', '0.1.0')
  .action(
    run(async (context, dir: string, options: { template: PackTemplate }) =>
      (await import('./commands/pack-init')).packInit(context, dir, options),
    ),
  )
pack
  .command('lint')
  .description('Check a pack as a push would.')
  .argument('<dir>', 'directory that holds pack.json')
  .action(run(async (context, dir: string) => (await import('./commands/pack-lint')).packLint(context, dir)))

const console_ = program
  .command('console')
  .description(
    'The console: its packs and registries. Login: console login, or PACKYARD_CONSOLE_URL and PACKYARD_API_KEY.',
  )
console_
  .command('login')
  .description('Log in to a console: prove an API key, and keep it.')
  .argument('<url>', 'address of the console')
  .option('--api-key-stdin', 'read the API key from standard input')
  .option('-i, --insecure', 'do not verify the certificate')
  .action(
    run(async (context, url: string, options: object) =>
      (await import('./commands/console-login')).consoleLogin(context, url, options),
    ),
  )
console_
  .command('logout')
  .description('Forget the console and its API key.')
  .action(run(async (context) => (await import('./commands/console-logout')).consoleLogout(context)))

addConsolePacks(console_, run)

const registries = console_.command('registries').description('Pack registries of the console.')
registries
  .command('ls')
  .description('List the registries and how they are doing.')
  .action(
    run(async (context) => (await import('./commands/console-registries-ls')).consoleRegistriesLs(context)),
  )

const KINDS: Record<RegistryKind, true> = { pack: true, oci: true, helm: true }

/** How a registry is entered. */
const withRegistryOptions = (command: Command) =>
  command
    .addOption(new Option('-k, --kind <kind>', 'what it is (default: pack)').choices(Object.keys(KINDS)))
    .option('-u, --username <user>', 'user name')
    .option('-p, --password <password>', 'password; others on this machine can see it')
    .option('--password-stdin', 'read the password from standard input')
    .option('--token-stdin', 'read a token from standard input')
    .option('--ca <file>', 'PEM file of certificates to trust besides those that the console trusts')
    .option('--client-cert <file>', 'PEM file of the certificate with which the console shows who it is')
    .option('--client-key <file>', 'PEM file of its private key')
    .option('-i, --insecure', 'do not verify its certificate')
    .option('--charts', 'oci: it holds Helm charts, and no packs')
    .option('--base-path <path>', 'oci: what stands before every repository')
    .option('--repository <path...>', 'oci: what to read, where the registry does not list it')
    .option('--token-server <origin>', 'oci: the other server that may be given the credentials')
withRegistryOptions(
  registries
    .command('test')
    .description('Test the way from the console to a registry, step by step.')
    .argument('<registry>', 'name or uid of one that the console has, or an address')
    .option('--endpoint', 'it is an address, although it looks like a name'),
).action(
  run(async (context, named: string, options: object) =>
    (await import('./commands/console-registries-test')).consoleRegistriesTest(context, named, options),
  ),
)
withRegistryOptions(
  registries
    .command('add')
    .description('Add a registry: it is tested, saved, and synced.')
    .argument('<name>', 'how the console calls it')
    .argument('<endpoint>', SERVER_HELP)
    .option('--every <minutes>', 'sync it so often')
    .option('--paused', 'save it untested, and do not sync it'),
).action(
  run(async (context, name: string, endpoint: string, options: object) =>
    (await import('./commands/console-registries-add')).consoleRegistriesAdd(
      context,
      name,
      endpoint,
      options,
    ),
  ),
)
registries
  .command('sync')
  .description('Sync a registry now.')
  .argument('<registry>', 'name or uid')
  .option('-w, --wait', 'wait for its end')
  .option('-t, --timeout <minutes>', 'how long to wait for it (default: 30)')
  .option('-f, --force', 'read all of it anew')
  .action(
    run(async (context, named: string, options: object) =>
      (await import('./commands/console-registries-sync')).consoleRegistriesSync(context, named, options),
    ),
  )
registries
  .command('rm')
  .description('Delete a registry and its catalog.')
  .argument('<registry>', 'name or uid')
  .action(
    run(async (context, named: string) =>
      (await import('./commands/console-registries-rm')).consoleRegistriesRm(context, named),
    ),
  )

program
  .command('version')
  .description('Print the version.')
  .action(run(async () => showVersion()))

for (const command of [
  program,
  ...[...program.commands].flatMap((one) => [
    one,
    ...one.commands,
    ...one.commands.flatMap((two) => two.commands),
  ]),
])
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    // Said once, below, in the form that was asked for.
    .configureOutput({ outputError() {} })

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = fail(error)
}

function fail(error: unknown): number {
  const failure = stop.signal.aborted ? stop.signal.reason : error
  if (failure instanceof CommanderError) {
    // Help and version are no failures; a group without its command has printed its help.
    if (failure.exitCode === 0) return EXIT.ok
    if (failure.code === 'commander.help') return EXIT.wrongUse
    const message = failure.message.replace(/^error: /, '')
    output.fail(
      new CliError(
        'wrong_use',
        `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`,
        'See packyard --help.',
      ),
    )
    return EXIT.wrongUse
  }
  const known =
    failure instanceof CliError
      ? failure
      : new CliError(
          'failed',
          `This should not happen: ${failure instanceof Error ? failure.message : failure}`,
          '',
        )
  output.fail(known)
  if (known !== failure && process.env.PACKYARD_DEBUG) console.error(failure)
  return known.exitCode
}
