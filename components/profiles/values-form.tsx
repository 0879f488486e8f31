'use client'

import { useEffect, useRef, useState } from 'react'

import { Badge } from '@/components/ui/badge'
import { Callout } from '@/components/ui/callout'
import { SelectField, TextField } from '@/components/ui/field'
import { Skeleton } from '@/components/ui/list-states'
import type { ValueRule } from '@/lib/pack-format/value-schema'
import { toValue } from '@/lib/profiles/form-value'
import { type Finding, sentenceOf } from '@/lib/profiles/rules/finding'
import type { FormField } from '@/lib/profiles/values-form'
import { referenceTo, type Variable } from '@/lib/profiles/variable'
import { beside } from './beside'

/**
 * The form that a pack's schema makes of its values. It holds nothing of its own: each field changes its place in the
 * text, and leaves comments, order and everything else as they are.
 */
export function ValuesForm({
  text,
  rules,
  findings,
  variables,
  isReadable,
  onChange,
}: {
  text: string
  rules: readonly ValueRule[]
  findings: readonly Finding[]
  variables: readonly Variable[]
  isReadable: boolean
  onChange: (text: string) => void
}) {
  const [fields, setFields] = useState<FormField[] | null>()
  const [failure, setFailure] = useState('')
  const newest = useRef(text)
  newest.current = text
  const edits = useRef(Promise.resolve())

  useEffect(() => {
    let isOver = false
    void beside('fields', { text, rules }).then((found) => {
      if (!isOver) setFields(found)
    })
    return () => {
      isOver = true
    }
  }, [text, rules])

  /** One after the other: each on the text that the one before left. */
  function edit({ path, rule }: FormField, value: string) {
    edits.current = edits.current.then(async () => {
      try {
        const input = { text: newest.current, path, ...(value !== '' && { value: toValue(rule, value) }) }
        const next = await beside('edit', input)
        newest.current = next
        setFailure('')
        onChange(next)
      } catch (error) {
        setFailure(error instanceof Error ? error.message : 'It failed.')
      }
    })
  }

  if (rules.length === 0)
    return (
      <p className="text-ink-soft">
        This pack brings no schema that a form could be made of. Edit its values as text.
      </p>
    )
  if (!isReadable || fields === null)
    return (
      <Callout tone="warn" title="The values cannot be read just now">
        Mend them as text first: the checks say where.
      </Callout>
    )
  if (fields === undefined) return <Skeleton className="h-64" />
  const groups = new Map<string, FormField[]>()
  for (const field of fields) {
    const group = field.path.slice(0, -1).join('.')
    groups.set(group, [...(groups.get(group) ?? []), field])
  }
  return (
    <div className="flex flex-col gap-6">
      {failure ? (
        <Callout tone="bad" title="The value could not be set">
          {failure}
        </Callout>
      ) : null}
      {[...groups].map(([group, ofGroup]) => (
        <fieldset key={group} className="flex flex-col gap-4">
          <legend className="mono mb-3 text-ink-soft text-xs [overflow-wrap:anywhere]">
            {group || 'Values'}
          </legend>
          <div className="grid gap-4 sm:grid-cols-2">
            {ofGroup.map((field) => {
              const path = field.path.join('.')
              const error = findings.find((one) => one.path === path && one.level === 'error')
              return (
                <ValueField
                  key={path}
                  field={field}
                  error={error && sentenceOf(error)}
                  variables={variables}
                  onChange={(value) => edit(field, value)}
                />
              )
            })}
          </div>
        </fieldset>
      ))}
    </div>
  )
}

function ValueField({
  field: { rule, path, value, isOther },
  error,
  variables,
  onChange,
}: {
  field: FormField
  error: string | undefined
  variables: readonly Variable[]
  onChange: (value: string) => void
}) {
  const [typed, setTyped] = useState(value)
  const [held, setHeld] = useState(value)
  // Changed elsewhere: in the text, by a preset, by undoing.
  if (held !== value) {
    setHeld(value)
    setTyped(value)
  }
  const { hints, type, readonly, required, listOptions } = rule
  const shared = {
    label: String(path.at(-1)),
    optional: !required,
    error,
    hint: isOther ? 'It holds more than one value. Edit it as text.' : hints.join(' · ') || undefined,
    disabled: readonly || isOther,
  }
  const options = type === 'boolean' ? ['true', 'false'] : listOptions
  if (options.length > 0)
    return (
      <div className="flex flex-col gap-1.5">
        <SelectField {...shared} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">Not set</option>
          {options.map((one) => (
            <option key={one}>{one}</option>
          ))}
          {variables.map(({ name }) => (
            <option key={name} value={referenceTo(name)}>
              Variable {name}
            </option>
          ))}
          {value && !options.includes(value) && !variables.some((one) => referenceTo(one.name) === value) ? (
            <option>{value}</option>
          ) : null}
        </SelectField>
        {readonly ? <ReadOnly /> : null}
      </div>
    )
  const settle = () => {
    if (typed !== value) onChange(typed)
  }
  return (
    <div className="flex flex-col gap-1.5">
      <TextField
        {...shared}
        mono
        type={type === 'password' && !value.includes('{{') ? 'password' : 'text'}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settle()
        }}
      />
      {readonly ? <ReadOnly /> : null}
    </div>
  )
}

const ReadOnly = () => <Badge className="self-start">Read-only</Badge>
