'use client'

import { useRouter } from 'next/navigation'
import { signIn } from 'next-auth/react'
import { type FormEvent, useState } from 'react'

import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { TextField } from '@/components/ui/field'

export function LoginForm({ from }: { from: string }) {
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setProblem('')
    const result = await signIn('credentials', {
      email: form.get('email'),
      password: form.get('password'),
      redirect: false,
    }).catch(() => undefined)
    if (result?.ok) {
      router.replace(from)
      router.refresh()
      return
    }
    setBusy(false)
    setProblem(
      result === undefined
        ? 'The console cannot be reached. Check the network, then try again.'
        : !result.error || result.error === 'CredentialsSignin'
          ? 'Email or password is wrong.'
          : result.error,
    )
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4 rounded-lg border bg-surface p-5">
      <TextField label="Email" name="email" type="email" autoComplete="username" required autoFocus />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      {problem ? <Callout tone="bad">{problem}</Callout> : null}
      <Button type="submit" look="primary" busy={busy} className="w-full">
        Sign in
      </Button>
    </form>
  )
}
