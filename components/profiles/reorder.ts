import { type PointerEvent, useRef } from 'react'

/** A list with one of its items in another place. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const item = items[from]
  if (item === undefined || to < 0 || to >= items.length) return [...items]
  return items.toSpliced(from, 1).toSpliced(to, 0, item)
}

/**
 * Lets the rows of a list be dragged by a handle, with a mouse or a finger.
 *
 * @param onMove is told while the row is dragged, each time it comes to another place
 */
export function useDrag(onMove: (from: number, to: number) => void) {
  const list = useRef<HTMLUListElement>(null)
  const dragged = useRef<number | null>(null)
  const handle = (index: number) => ({
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return
      dragged.current = index
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const from = dragged.current
      if (from === null || !list.current) return
      const rows = [...list.current.children]
      const to = rows.findIndex((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        return event.clientY >= top && event.clientY < bottom
      })
      const box = rows[to]?.getBoundingClientRect()
      if (to < 0 || to === from || !box) return
      // Past the middle of a row, so that rows of different heights do not change places back and forth.
      const middle = (box.top + box.bottom) / 2
      if (to > from ? event.clientY < middle : event.clientY > middle) return
      onMove(from, to)
      dragged.current = to
    },
    onPointerUp() {
      dragged.current = null
    },
    onPointerCancel() {
      dragged.current = null
    },
  })
  return { list, handle }
}
