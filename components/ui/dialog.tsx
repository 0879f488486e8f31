'use client'

import { lazy, Suspense, useState } from 'react'

import type { DialogProps } from './dialog-frame'

const Frame = lazy(() => import('./dialog-frame'))

/** Something that has to be answered before going on. What it is made of comes when it is first opened. */
export function Dialog(props: DialogProps) {
  const [wasOpened, setWasOpened] = useState(props.open)
  if (props.open && !wasOpened) setWasOpened(true)
  return wasOpened ? (
    <Suspense fallback={null}>
      <Frame {...props} />
    </Suspense>
  ) : null
}
