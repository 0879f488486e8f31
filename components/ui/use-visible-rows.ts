'use client'

import { type RefObject, useEffect, useState } from 'react'

/** Rows above and below the screen that are drawn too, so that scrolling meets no empty place. */
const AHEAD = 6

export interface Visible {
  /** The first row that is drawn. */
  first: number
  /** The first row after it that is not. */
  end: number
  /** Cells in a row. */
  columns: number
  /** Not before the first look at the screen: until then these are guessed. */
  isKnown: boolean
}

/**
 * Which rows of a list of any length are on the screen: the others are a space of their height. The window scrolls, and not
 * a part of the page.
 *
 * @param list what holds the rows
 * @param cells how many there are
 * @param rowHeight in pixels
 * @param atFirst so many cells are drawn before the screen is known
 */
export function useVisibleRows(
  list: RefObject<HTMLElement | null>,
  cells: number,
  rowHeight: number,
  atFirst: number,
): Visible {
  const [visible, setVisible] = useState<Visible>({ first: 0, end: atFirst, columns: 1, isKnown: false })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a list that grew or began anew stands elsewhere
  useEffect(() => {
    let frame = 0
    const look = () => {
      frame = 0
      const element = list.current
      if (!element) return
      const columns = columnsOf(element)
      const top = -element.getBoundingClientRect().top
      const first = Math.max(0, Math.floor(top / rowHeight) - AHEAD)
      const end = Math.max(0, Math.ceil((top + window.innerHeight) / rowHeight) + AHEAD)
      setVisible((held) =>
        held.isKnown && held.first === first && held.end === end && held.columns === columns
          ? held
          : { first, end, columns, isKnown: true },
      )
    }
    const onMove = () => {
      frame ||= requestAnimationFrame(look)
    }
    look()
    window.addEventListener('scroll', onMove, { passive: true })
    window.addEventListener('resize', onMove)
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('scroll', onMove)
      window.removeEventListener('resize', onMove)
    }
  }, [list, rowHeight, cells])
  return visible
}

/** As the style sheet has them at this width. */
function columnsOf(element: HTMLElement): number {
  const { display, gridTemplateColumns } = getComputedStyle(element)
  return display === 'grid' ? gridTemplateColumns.split(' ').length : 1
}
