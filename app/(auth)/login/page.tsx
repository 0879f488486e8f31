import { redirect } from 'next/navigation'
import { ALL_LAYERS, StackMark } from '@/components/profiles/stack-mark'
import { LoginForm } from '@/components/shell/login-form'
import { ownPath } from '@/lib/access/own-path'
import { readSession } from '@/lib/access/session'

export const metadata = { title: 'Sign in' }

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const from = ownPath((await searchParams).from)
  if (await readSession()) redirect(from)
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="flex w-full max-w-[22rem] flex-col gap-8">
        <div className="flex flex-col items-center gap-5 text-center">
          <StackMark layers={ALL_LAYERS} width={72} slab={12} />
          <div className="flex flex-col gap-1">
            <h1 className="text-xl">Packyard</h1>
            <p className="text-ink-soft">Pack registries and cluster profiles</p>
          </div>
        </div>
        <LoginForm from={from} />
      </div>
    </main>
  )
}
