'use client'

import { Menu as MenuIcon, Search } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'

import { Button } from '@/components/ui/button'
import type { Session } from '@/lib/access/schema'
import { AccountMenu } from './account-menu'
import { Brand, TenantName } from './brand'
import { CommandPalette } from './command-palette'
import { Navigation } from './navigation'
import { ProjectSwitcher } from './project-switcher'
import { SessionProvider } from './session'
import { ThemeMenu } from './theme-menu'

/** What stands around every page: navigation at the left, tools on top. */
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const [palette, setPalette] = useState(false)
  return (
    <SessionProvider session={session}>
      <div className="min-h-dvh lg:grid lg:grid-cols-[232px_minmax(0,1fr)]">
        <a
          href="#content"
          className="sr-only z-50 rounded border bg-surface px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          Skip to content
        </a>
        <aside className="sticky top-0 hidden h-dvh flex-col gap-6 overflow-y-auto border-r bg-surface px-3 py-3 lg:flex">
          <Brand />
          <Navigation />
          <TenantName name={session.tenant.name} />
        </aside>
        <div className="flex min-w-0 flex-col">
          <header className="sticky top-0 z-30 flex h-13 items-center gap-2 border-b bg-paper/95 px-4 backdrop-blur-sm sm:px-6">
            <NarrowNavigation tenant={session.tenant.name} />
            <ProjectSwitcher />
            <div className="flex-1" />
            <Button
              look="plain"
              onClick={() => setPalette(true)}
              className="h-8 justify-start font-normal text-ink-faint sm:w-64"
              aria-label="Open the command palette"
              aria-keyshortcuts="Control+K Meta+K"
              icon={<Search aria-hidden />}
            >
              <span className="hidden flex-1 text-left sm:inline">Find or go to…</span>
              <kbd className="mono hidden rounded-sm border px-1 text-xs sm:inline">Ctrl K</kbd>
            </Button>
            <ThemeMenu />
            <AccountMenu session={session} />
          </header>
          <main
            id="content"
            tabIndex={-1}
            className="mx-auto w-full max-w-[1240px] flex-1 px-4 py-6 outline-none sm:px-6"
          >
            {children}
          </main>
        </div>
        <CommandPalette open={palette} onOpen={setPalette} />
      </div>
    </SessionProvider>
  )
}

const Drawer = lazy(() => import('./drawer'))

/** The navigation where there is no room for it beside the page. What it is made of comes when it is first opened. */
function NarrowNavigation({ tenant }: { tenant: string }) {
  const [open, setOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  const show = () => {
    setWasOpened(true)
    setOpen(true)
  }
  return (
    <>
      <Button
        look="quiet"
        size="icon"
        className="-ml-2 lg:hidden"
        aria-label="Open the navigation"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={show}
      >
        <MenuIcon aria-hidden />
      </Button>
      {wasOpened ? (
        <Suspense fallback={null}>
          <Drawer tenant={tenant} open={open} onOpen={setOpen} />
        </Suspense>
      ) : null}
    </>
  )
}
