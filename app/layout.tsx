import type { Metadata, Viewport } from 'next'
import localFont from 'next/font/local'
import { headers } from 'next/headers'
import type { CSSProperties, ReactNode } from 'react'

import { Providers } from '@/components/shell/providers'
import './globals.css'

/** Latin letters are asked for with the page, and until they are here a face of the same widths stands in. */
const inter = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  weight: '100 900',
  display: 'swap',
})
const [latin, standIn] = inter.style.fontFamily.split(',')
const fonts = { '--font-latin': latin, '--font-stand-in': standIn } as CSSProperties

export const metadata: Metadata = {
  title: { default: 'Packyard', template: '%s · Packyard' },
  description: 'Pack registries and cluster profiles',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#faf9f6' },
    { media: '(prefers-color-scheme: dark)', color: '#141210' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Reading the headers also makes every page dynamic, which a nonce for each answer needs.
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <html lang="en" style={fonts} suppressHydrationWarning>
      <body>
        <Providers nonce={nonce}>{children}</Providers>
      </body>
    </html>
  )
}
