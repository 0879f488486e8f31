'use client'

import { Check } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'

import type { Registry } from '@/components/registries/queries'
import { toPushCommands } from '@/components/registries/state'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { CopyBlock } from '@/components/ui/mono'

/** The way from an empty console to a first profile. Gone once it has been walked. */
export function FirstSteps({
  registries,
  packs,
  profiles,
}: {
  registries: Registry[]
  packs: number
  profiles: number
}) {
  const done = [registries.length > 0, packs > 0, profiles > 0] as const
  if (done.every(Boolean)) return null
  const next = done.indexOf(false)
  const [first] = registries
  return (
    <section aria-labelledby="first-steps" className="rounded-lg border bg-surface px-5 py-4">
      <h2 id="first-steps" className="text-lg">
        First steps
      </h2>
      <ol className="mt-3 flex flex-col gap-4">
        <Step number={1} name="Add a pack registry" isDone={done[0]} isNext={next === 0}>
          <p>It is where packs come from. The connection is tested before anything is saved.</p>
          <Button look="primary" asChild>
            <Link href="/admin/settings/pack-registries/new">Add New Pack Registry</Link>
          </Button>
        </Step>
        <Step number={2} name="Push a pack" isDone={done[1]} isNext={next === 1}>
          <p>From a folder with a pack.json. It arrives in the catalog at the next sync.</p>
          {first ? (
            <div className="w-full max-w-2xl">
              <CopyBlock
                label="Copy the commands"
                text={toPushCommands(
                  first.spec.endpoint,
                  first.spec.auth.tls.insecureSkipVerify,
                  first.spec.auth.username ?? '',
                )}
              />
            </div>
          ) : null}
        </Step>
        <Step number={3} name="Compose a cluster profile" isDone={done[2]} isNext={next === 2}>
          <p>Choose a pack for each layer, from the operating system up, and set their values.</p>
          <Button look="primary" asChild>
            <Link href="/profiles/new">Add cluster profile</Link>
          </Button>
        </Step>
      </ol>
    </section>
  )
}

function Step({
  number,
  name,
  isDone,
  isNext,
  children,
}: {
  number: number
  name: string
  isDone: boolean
  isNext: boolean
  children: ReactNode
}) {
  return (
    <li className="flex gap-3.5" aria-current={isNext ? 'step' : undefined}>
      <span
        aria-hidden
        className={cn(
          'grid size-6 shrink-0 place-items-center rounded-full border font-medium text-xs',
          isDone
            ? 'border-good/40 bg-good-soft text-good'
            : isNext
              ? 'border-accent bg-accent text-on-accent'
              : 'border-line-strong text-ink-faint',
        )}
      >
        {isDone ? <Check className="size-3.5" /> : number}
      </span>
      <div className="flex min-w-0 flex-1 flex-col items-start gap-2.5">
        <h3 className={cn('leading-6', isDone ? 'font-normal text-ink-soft' : 'font-medium')}>
          {name}
          {isDone ? <span className="text-ink-faint text-xs"> · done</span> : null}
        </h3>
        {isNext ? (
          <div className="flex w-full flex-col items-start gap-2.5 text-ink-soft">{children}</div>
        ) : null}
      </div>
    </li>
  )
}
