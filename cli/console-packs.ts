import { type Command, Option } from 'commander'

import { LAYERS } from '@/lib/pack-format/layers'

import { PACK_SORTS, PACK_STATES } from './console-pack'
import type { Answer, Context } from './context'

type Run = <A extends unknown[]>(
  work: (context: Context, ...args: A) => Promise<Answer>,
) => (...args: A) => Promise<void>

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value]

/** A choice that may be made more than once: any of them. */
const several = (flags: string, description: string, choices?: readonly string[]) => {
  const option = new Option(flags, `${description}; may be repeated`)
  // A parser of its own takes the place of the one that checks.
  if (!choices) return option.argParser(collect)
  option.choices(choices)
  const check = option.parseArg as (value: string, before: unknown) => string
  return option.argParser((value, before: string[] | undefined) => collect(check(value, before), before))
}

const VERSION_HELP = 'NAME (its newest version), or NAME@VERSION, also with a track such as 1.33.x'

/** `packyard console packs …`. */
export function addConsolePacks(parent: Command, run: Run): void {
  const packs = parent.command('packs').description('The catalog of the console: everything that it synced.')
  packs
    .command('search')
    .description('Find packs, as the list of the console does.')
    .argument('[text]', 'words in name, description and keywords; without them all packs')
    .addOption(several('--layer <layer>', 'only packs of this layer', LAYERS))
    .addOption(several('--type <type>', 'only add-ons of this type'))
    .addOption(several('--registry <registry>', 'only what this registry carries: its name or uid'))
    .addOption(several('--cloud <cloud>', 'only packs for this cloud'))
    .addOption(several('--state <state>', 'packs in this state (default: active, deprecated)', PACK_STATES))
    .addOption(new Option('--sort <order>', 'order of the list').choices(Object.keys(PACK_SORTS)))
    .option('--limit <number>', 'so many at most', '50')
    .action(
      run(async (context, text: string | undefined, options: { limit: string }) =>
        (await import('./commands/console-packs-search')).consolePacksSearch(context, text ?? '', options),
      ),
    )
  packs
    .command('show')
    .description('Show one version of a pack.')
    .argument('<pack>', VERSION_HELP)
    .option('--registry <registry>', 'of this registry: its name or uid')
    .option('--values', 'print its values, and nothing else')
    .option('--readme', 'print its README, and nothing else')
    .option('--files', 'list its files, also those in its charts, and nothing else')
    .action(
      run(async (context, named: string, options: object) =>
        (await import('./commands/console-packs-show')).consolePacksShow(context, named, options),
      ),
    )
  packs
    .command('diff')
    .description('Compare two versions of a pack, or one in two registries.')
    .argument('<from>', VERSION_HELP)
    .argument('<to>', VERSION_HELP)
    .addOption(
      new Option('--registry <registry>', 'name or uid, of both; given twice, of each').argParser(collect),
    )
    .option('--summary', 'say what changed by its meaning, and print no lines')
    .option('--exit-code', 'end with 1 where they differ')
    .action(
      run(async (context, from: string, to: string, options: object) =>
        (await import('./commands/console-packs-diff')).consolePacksDiff(context, from, to, options),
      ),
    )
}
