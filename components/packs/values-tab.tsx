import { Empty } from '@/components/ui/list-states'
import { CopyText } from '@/components/ui/mono'
import { Table, Td, Th } from '@/components/ui/table'
import type { PackValues } from './queries'
import { YamlView } from './yaml-view'

/** A pack's own values, with the presets that change them and the rules that they follow. */
export function ValuesTab({
  values: { values, presets, schema },
}: {
  values: Pick<PackValues, 'values' | 'presets' | 'schema'>
}) {
  const groups = new Map<string, PackValues['presets']>()
  for (const preset of presets) groups.set(preset.group, [...(groups.get(preset.group) ?? []), preset])
  return (
    <div className="flex flex-col gap-8">
      {values.trim() ? (
        <div className="flex flex-col gap-2">
          <CopyText text={values} className="self-end">
            Copy values
          </CopyText>
          <YamlView text={values} label="Values" />
        </div>
      ) : (
        <Empty title="This version has no values">There is nothing to set.</Empty>
      )}
      {groups.size > 0 ? (
        <section className="flex flex-col gap-3">
          <h2 className="text-lg">Presets</h2>
          <p className="text-ink-soft">Ready changes to the values. A profile takes one of each group.</p>
          <dl className="flex flex-col divide-y rounded-lg border bg-surface">
            {[...groups].map(([group, list]) => (
              <div key={group} className="flex flex-col gap-1 px-4 py-3 sm:flex-row sm:gap-6">
                <dt className="font-medium sm:w-44 sm:shrink-0">{group || 'No group'}</dt>
                <dd className="flex min-w-0 flex-1 flex-col gap-1">
                  {list.map((preset) => (
                    <PresetDetails key={preset.name} preset={preset} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ) : null}
      {schema.length > 0 ? (
        <section className="flex flex-col gap-3">
          <h2 className="text-lg">Rules for values</h2>
          <div className="overflow-hidden rounded-lg border bg-surface">
            <Table label="Rules for values">
              <thead>
                <tr>
                  <Th>Value</Th>
                  <Th>Type</Th>
                  <Th>Rule</Th>
                  <Th>Hint</Th>
                </tr>
              </thead>
              <tbody>
                {schema.map((rule) => (
                  <tr key={rule.name}>
                    <Td className="mono text-xs">{rule.name}</Td>
                    <Td className="text-ink-soft">{rule.type}</Td>
                    <Td className="text-xs">{ruleOf(rule)}</Td>
                    <Td className="text-ink-soft text-xs">{rule.hints.join(' · ')}</Td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
        </section>
      ) : null}
    </div>
  )
}

/** What a preset takes out of the values, and what it puts in. */
function PresetDetails({
  preset: { displayName, name, remove, add },
}: {
  preset: PackValues['presets'][number]
}) {
  return (
    <details>
      <summary className="cursor-pointer text-ink-soft hover:text-ink">{displayName || name}</summary>
      <div className="flex flex-col gap-2 py-2">
        {remove.length > 0 ? (
          <p className="text-xs">
            Takes out <span className="mono">{remove.join(', ')}</span>
          </p>
        ) : null}
        {add.trim() ? <YamlView text={add} label={`What ${displayName || name} puts in`} /> : null}
      </div>
    </details>
  )
}

function ruleOf({ required, readonly, listOptions, format, regex }: PackValues['schema'][number]): string {
  const rule = listOptions.length > 0 ? `one of ${listOptions.join(', ')}` : format || regex
  return [required && 'required', readonly && 'read-only', rule].filter(Boolean).join(', ')
}
