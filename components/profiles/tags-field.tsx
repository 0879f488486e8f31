'use client'

import { X } from 'lucide-react'
import { useState } from 'react'

import { TextField } from '@/components/ui/field'

/** Tags as words that can be taken away again. Enter or a comma adds what is typed, and so does leaving the field. */
export function TagsField({ tags, onChange }: { tags: string[]; onChange: (tags: string[]) => void }) {
  const [text, setText] = useState('')
  const add = () => {
    const fresh = text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one && !tags.includes(one))
    setText('')
    if (fresh.length > 0) onChange([...tags, ...fresh])
  }
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="Tags"
        optional
        hint="A word, or key:value. Enter adds it."
        value={text}
        maxLength={256}
        onChange={(event) => setText(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault()
            add()
          } else if (event.key === 'Backspace' && text === '') onChange(tags.slice(0, -1))
        }}
      />
      {tags.length > 0 ? (
        <ul aria-label="Tags of this profile" className="flex flex-wrap gap-1.5">
          {tags.map((tag) => (
            <li
              key={tag}
              className="inline-flex h-6 items-center gap-1 rounded-full border border-line-strong pr-1 pl-2.5 text-xs"
            >
              {tag}
              <button
                type="button"
                aria-label={`Remove the tag ${tag}`}
                onClick={() => onChange(tags.filter((one) => one !== tag))}
                className="grid size-4.5 place-items-center rounded-full text-ink-soft hover:bg-sunken hover:text-ink"
              >
                <X aria-hidden className="size-3" />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
