'use client'

import { useEffect, useRef } from 'react'

import { Table, Th } from '@/components/ui/table'
import { useVisibleRows } from '@/components/ui/use-visible-rows'
import { CARD_HEIGHT, PackCard, PackRow, ROW_HEIGHT } from './pack-card'
import type { PackCardData } from './queries'

interface Props {
  packs: PackCardData[]
  /** How many there are, with those that are not here yet. */
  total: number
  /** The end of what is here comes near. */
  onNearEnd: () => void
}

/** Hairlines between cards. */
const GAP = 1
/** What the first answer holds of the list: more than a screen. */
const FIRST_CARDS = 24
const FIRST_ROWS = 40
/** Cells before the end at which more are fetched. */
const NEAR = 24

function useNearEnd(isNear: boolean, cells: number, onNearEnd: () => void) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each length of the list
  useEffect(() => {
    if (isNear) onNearEnd()
  }, [isNear, cells])
}

/** Packs as cards. Of a long list those on the screen are drawn. */
export function PackGrid({ packs, total, onNearEnd }: Props) {
  const list = useRef<HTMLUListElement>(null)
  const height = CARD_HEIGHT + GAP
  const { first, end, columns, isKnown } = useVisibleRows(list, packs.length, height, FIRST_CARDS)
  const rows = Math.ceil(packs.length / columns)
  const from = Math.min(first, Math.max(0, rows - 1))
  const to = Math.min(end, rows)
  useNearEnd(isKnown && to * columns > packs.length - NEAR, packs.length, onNearEnd)
  return (
    <ul
      ref={list}
      aria-label="Packs"
      style={{ paddingTop: from * height, paddingBottom: (rows - to) * height }}
      className="grid gap-px overflow-hidden rounded-lg border sm:grid-cols-2 xl:grid-cols-3"
    >
      {packs.slice(from * columns, to * columns).map((pack, index) => (
        <PackCard key={pack.spec.name} pack={pack} place={from * columns + index + 1} total={total} />
      ))}
    </ul>
  )
}

/** The same as rows of a dense table. */
export function PackTable({ packs, total, onNearEnd }: Props) {
  const body = useRef<HTMLTableSectionElement>(null)
  const { first, end, isKnown } = useVisibleRows(body, packs.length, ROW_HEIGHT, FIRST_ROWS)
  const from = Math.min(first, Math.max(0, packs.length - 1))
  const to = Math.min(end, packs.length)
  useNearEnd(isKnown && to > packs.length - NEAR, packs.length, onNearEnd)
  return (
    <div className="overflow-hidden rounded-lg border bg-surface">
      <Table label="Packs" aria-rowcount={total + 1} className="min-w-[56rem] table-fixed">
        <thead>
          <tr aria-rowindex={1}>
            <Th className="w-[28%]">Pack</Th>
            <Th className="w-[19%] px-2.5">Name</Th>
            <Th className="w-[10%] px-2.5">Newest</Th>
            <Th className="w-[11%] px-2.5">Layer</Th>
            <Th className="w-[12%] px-2.5">Type</Th>
            <Th className="w-[12%] px-2.5">Registry</Th>
            <Th className="w-[8%] pl-2.5 text-right">Versions</Th>
          </tr>
        </thead>
        <tbody ref={body}>
          <Space rows={from} />
          {packs.slice(from, to).map((pack, index) => (
            <PackRow key={pack.spec.name} pack={pack} place={from + index + 2} />
          ))}
          <Space rows={packs.length - to} />
        </tbody>
      </Table>
    </div>
  )
}

/** In the place of rows that are not on the screen. */
const Space = ({ rows }: { rows: number }) =>
  rows > 0 ? (
    <tr aria-hidden style={{ height: rows * ROW_HEIGHT }}>
      <td colSpan={7} />
    </tr>
  ) : null
