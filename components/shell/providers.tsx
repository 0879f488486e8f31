'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { type ReactNode, useState } from 'react'

import { ApiError } from '@/lib/client/call'

const STALE_MS = 10_000

/** Once more where the network or the server failed; never where the API said no. */
const retry = (failures: number, error: Error) =>
  failures < 1 && !(error instanceof ApiError && error.status < 500)

export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { staleTime: STALE_MS, retry }, mutations: { retry: false } },
      }),
  )
  return (
    <ThemeProvider attribute="class" enableSystem disableTransitionOnChange nonce={nonce}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </ThemeProvider>
  )
}
