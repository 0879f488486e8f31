'use client'

import { ChevronRight, GripVertical, Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useMemo, useState } from 'react'

import { useAddress } from '@/components/shell/use-address'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Empty, Skeleton } from '@/components/ui/list-states'
import { count } from '@/components/ui/numbers'
import { Tabs } from '@/components/ui/tabs'
import { type Use, usesOf } from '@/lib/profiles/preview'
import type { Finding } from '@/lib/profiles/rules/finding'
import { NEW_VARIABLE, type Variable } from '@/lib/profiles/variable'
import type { Draft, Place } from './draft'
import type { Spot } from './finding-places'
import { FindingMark } from './findings'
import { MacroList } from './macro-list'
import { moved, useDrag } from './reorder'
import { VariableForm } from './variable-form'
import { FORMAT_NAMES, INPUT_NAMES } from './variable-words'

// It checks inputs with expressions, and its reader of them comes when it is looked at.
const Preview = dynamic(() => import('./variables-preview'), {
  ssr: false,
  loading: () => <Skeleton className="h-64" />,
})

/** What a profile asks of whoever makes a cluster of it: defined, put in order, and tried out. */
export function VariablesPanel({
  draft,
  findings,
  goTo,
  onGo,
  onChange,
}: {
  draft: Draft
  findings: readonly Finding[]
  goTo?: Spot | undefined
  onGo: (place: Place, spot?: Spot) => void
  onChange: (variables: Variable[], key?: string) => void
}) {
  const { query, set } = useAddress()
  return (
    <Tabs
      label="Variables"
      open={query.get('part') ?? 'list'}
      onOpen={(part) => set({ part: part === 'list' ? null : part })}
      tabs={[
        {
          id: 'list',
          label: 'Variables',
          content: <VariableList {...{ draft, findings, goTo, onGo, onChange }} />,
        },
        { id: 'preview', label: 'Preview', content: <Preview draft={draft} /> },
        { id: 'macros', label: 'Macros', content: <MacroList /> },
      ]}
    />
  )
}

function VariableList({
  draft: { layers, variables },
  findings,
  goTo,
  onGo,
  onChange,
}: Parameters<typeof VariablesPanel>[0]) {
  const uses = useMemo(() => usesOf(layers), [layers])
  const [open, setOpen] = useState<number | null>(null)
  const [said, setSaid] = useState('')

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each jump, not for each change of the list
  useEffect(() => {
    const at = variables.findIndex((one) => one.name === goTo?.variable)
    if (goTo?.variable !== undefined && at >= 0) setOpen(at)
  }, [goTo])

  function move(from: number, to: number) {
    if (to < 0 || to >= variables.length) return
    onChange(moved(variables, from, to), 'order')
    setOpen((held) => (held === from ? to : held === to ? from : held))
    setSaid(`${variables[from]?.name || 'The variable'} is number ${to + 1} of ${variables.length}.`)
  }
  const { list, handle } = useDrag(move)
  const change = (index: number, next: Partial<Variable>, key = '') =>
    onChange(
      variables.map((one, at) => (at === index ? { ...one, ...next } : one)),
      key && `variable ${index} ${key}`,
    )

  function add() {
    onChange([...variables, { ...NEW_VARIABLE, name: freeName(variables) }])
    setOpen(variables.length)
  }

  return (
    <div className="flex flex-col gap-4">
      {variables.length === 0 ? (
        <Empty
          title="No variables yet"
          action={
            <Button look="primary" icon={<Plus aria-hidden />} onClick={add}>
              Add variable
            </Button>
          }
        >
          A variable is what clusters of one profile may have different: a region, a size, a password. Values
          name it as <code>{'{{.spectro.var.name}}'}</code>.
        </Empty>
      ) : (
        <>
          <ul ref={list} aria-label="Variables" className="divide-y rounded border">
            {variables.map((variable, index) => (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: a name is edited, and its field stays
                key={index}
              >
                <div className="flex min-h-11 items-center gap-1 px-1.5">
                  <button
                    type="button"
                    aria-label={`Move ${variable.name || 'the variable'}, number ${index + 1} of ${variables.length}`}
                    title="Drag, or press the arrow keys up and down"
                    {...handle(index)}
                    onKeyDown={(event) => {
                      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
                      event.preventDefault()
                      const to = index + (event.key === 'ArrowUp' ? -1 : 1)
                      move(index, to)
                      const buttons = list.current?.querySelectorAll<HTMLElement>('[data-handle]')
                      requestAnimationFrame(() => buttons?.[to]?.focus())
                    }}
                    data-handle
                    className="grid size-7 shrink-0 cursor-grab touch-none place-items-center rounded text-ink-faint hover:bg-sunken active:cursor-grabbing"
                  >
                    <GripVertical aria-hidden className="size-4" />
                  </button>
                  <button
                    type="button"
                    aria-expanded={open === index}
                    onClick={() => setOpen(open === index ? null : index)}
                    className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 py-2 text-left"
                  >
                    <ChevronRight
                      aria-hidden
                      className={`size-4 shrink-0 text-ink-faint ${open === index ? 'rotate-90' : ''}`}
                    />
                    <span className="mono min-w-0 [overflow-wrap:anywhere]">
                      {variable.name || 'No name yet'}
                    </span>
                    <FindingMark findings={findings.filter((one) => one.variable === variable.name)} />
                    <span className="text-ink-soft text-xs">
                      {FORMAT_NAMES[variable.format]}
                      {variable.inputType === 'text'
                        ? ''
                        : ` · ${INPUT_NAMES[variable.inputType].toLowerCase()}`}
                    </span>
                    <span className="ml-auto flex flex-wrap items-center gap-1.5">
                      {marksOf(variable).map((mark) => (
                        <Badge key={mark}>{mark}</Badge>
                      ))}
                      <span className="text-ink-soft text-xs">{usesText(uses.get(variable.name) ?? [])}</span>
                    </span>
                  </button>
                </div>
                {open === index ? (
                  <VariableForm
                    variable={variable}
                    findings={findings.filter((one) => one.variable === variable.name)}
                    uses={uses.get(variable.name) ?? []}
                    layers={layers}
                    onChange={(next, key) => change(index, next, key)}
                    onGo={onGo}
                    onRemove={() => {
                      onChange(variables.toSpliced(index, 1))
                      setOpen(null)
                    }}
                  />
                ) : null}
              </li>
            ))}
          </ul>
          <Button className="self-start" icon={<Plus aria-hidden />} onClick={add}>
            Add variable
          </Button>
        </>
      )}
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </div>
  )
}

const marksOf = ({ required, hidden, immutable, isSensitive }: Variable) =>
  [required && 'Required', isSensitive && 'Masked', hidden && 'Hidden', immutable && 'Read-only'].filter(
    (one) => one !== false,
  )

const usesText = (uses: readonly Use[]) =>
  uses.length === 0 ? 'Not used' : count(new Set(uses.map((one) => one.layer)).size, 'layer')

function freeName(variables: readonly Variable[]): string {
  for (let i = variables.length + 1; ; i++) {
    const name = `variable-${i}`
    if (!variables.some((one) => one.name === name)) return name
  }
}
