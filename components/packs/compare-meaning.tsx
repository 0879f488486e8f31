import { Minus, Pencil, Plus } from 'lucide-react'
import type { ReactNode } from 'react'

import { Badge } from '@/components/ui/badge'
import { Empty } from '@/components/ui/list-states'
import { formatNumber } from '@/components/ui/numbers'
import { Table, Td, Th } from '@/components/ui/table'
import type { PackComparison } from './compare-queries'

type Kind = 'added' | 'removed' | 'changed'
interface Row {
  kind: Kind
  name: string
  from: string
  to: string
}

const KINDS = {
  added: { word: 'Added', tone: 'good', icon: Plus },
  removed: { word: 'Removed', tone: 'bad', icon: Minus },
  changed: { word: 'Changed', tone: 'neutral', icon: Pencil },
} as const

const DEPENDENCIES: Record<PackComparison['constraints'][number]['type'], string> = {
  required: 'requires',
  optional: 'optional',
  notSupported: 'does not go with',
  upgrade: 'upgrades from',
  resource: 'machines',
}

const kindOf = ({ from, to }: { from: string; to: string }): Kind =>
  from === '' ? 'added' : to === '' ? 'removed' : 'changed'

const named = (kind: Kind, names: string[]): Row[] => names.map((name) => ({ kind, name, from: '', to: '' }))

const itemRows = ({ added, removed, changed }: PackComparison['presets']): Row[] => [
  ...named('added', added),
  ...named('changed', changed),
  ...named('removed', removed),
]

const imageRows = ({ added, removed, changed }: PackComparison['images']): Row[] => [
  ...changed.map((one) => ({ kind: 'changed' as const, ...one })),
  ...named('added', added),
  ...named('removed', removed),
]

const valueRows = ({ changes }: NonNullable<PackComparison['values']>): Row[] =>
  changes.map(({ path, ...change }) => ({ ...change, name: path || 'all of it' }))

const total = (values: PackComparison['metadata']) => values.added + values.changed + values.removed

/** What differs by what it means: values by their paths, and what else a version says of itself. */
export function CompareMeaning({ comparison }: { comparison: PackComparison }) {
  const { values, constraints, images, presets, rules, metadata } = comparison
  const parts: [title: string, rows: Row[], all?: number][] = [
    ['Values', values ? valueRows(values) : [], values ? total(values) : 0],
    [
      'Constraints',
      constraints.map(({ type, name, from, to }) => ({
        ...{ kind: kindOf({ from, to }), name: `${name} (${DEPENDENCIES[type]})` },
        ...{ from, to },
      })),
    ],
    ['Container images', imageRows(images)],
    ['Presets', itemRows(presets)],
    ['Rules for values', itemRows(rules)],
    ['pack.json', valueRows(metadata), total(metadata)],
  ]
  const differing = parts.filter(([, rows]) => rows.length > 0)
  if (differing.length === 0)
    return (
      <Empty title="Nothing differs in what they mean">
        {comparison.files.some((one) => one.change !== 'same')
          ? 'What differs is text: comments, layout or the README. Open a file to see it.'
          : 'Both versions hold the same files.'}
      </Empty>
    )
  return (
    <div className="flex flex-col gap-8">
      {differing.map(([title, rows, all]) => (
        <Part key={title} title={title} rows={rows} all={all ?? rows.length} />
      ))}
    </div>
  )
}

function Part({ title, rows, all }: { title: string; rows: Row[]; all: number }) {
  const hasTexts = rows.some(({ from, to }) => from !== '' || to !== '')
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lg">{title}</h2>
      <div className="overflow-hidden rounded-lg border bg-surface">
        <Table label={title}>
          <thead>
            <tr>
              <Th className="w-28">Change</Th>
              <Th className={hasTexts ? 'sm:w-[44%]' : undefined}>Name</Th>
              {hasTexts ? (
                <>
                  <Th className="hidden w-[23%] sm:table-cell">Before</Th>
                  <Th className="hidden w-[23%] sm:table-cell">After</Th>
                </>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ kind, name, from, to }) => (
              <tr key={[kind, name, from, to].join(' ')}>
                <Td>
                  <KindBadge kind={kind} />
                </Td>
                <Td className="mono text-xs [overflow-wrap:anywhere]">
                  {name}
                  {from !== '' || to !== '' ? (
                    <span className="block text-ink-soft sm:hidden">
                      {[from, to].filter(Boolean).join(' → ')}
                    </span>
                  ) : null}
                </Td>
                {hasTexts ? (
                  <>
                    <TextCell>{from}</TextCell>
                    <TextCell>{to}</TextCell>
                  </>
                ) : null}
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      {all > rows.length ? (
        <p className="text-ink-soft text-xs">
          The first {formatNumber(rows.length)} of {formatNumber(all)}. Open the file to see them all.
        </p>
      ) : null}
    </section>
  )
}

const TextCell = ({ children }: { children: ReactNode }) => (
  <Td className="mono hidden text-xs [overflow-wrap:anywhere] sm:table-cell">{children}</Td>
)

function KindBadge({ kind }: { kind: Kind }) {
  const { word, tone, icon: Icon } = KINDS[kind]
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />}>
      {word}
    </Badge>
  )
}
