'use client'

import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'

import { SearchField } from '@/components/ui/field'

const TYPING_MS = 25
/** What the API takes. */
const MAX_LENGTH = 256

/** A search whose text stands in the address: follows it, and changes it shortly after the last key. */
export function SearchText({
  text,
  onText,
  label,
  placeholder,
  className,
}: {
  text: string
  onText: (text: string) => void
  label: string
  placeholder: string
  className?: string
}) {
  const [typed, setTyped] = useState(text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** What was sent and is on its way into the address: when it arrives, somebody may have typed on. */
  const sent = useRef<string[]>([])
  const tell = useRef(onText)
  useEffect(() => {
    tell.current = onText
  })
  useEffect(() => {
    const at = sent.current.indexOf(text)
    sent.current = at < 0 ? [] : sent.current.slice(at + 1)
    if (at >= 0) return
    // From elsewhere: a link, the button that clears, the way back.
    clearTimeout(timer.current)
    setTyped(text)
  }, [text])
  useEffect(() => () => clearTimeout(timer.current), [])

  function type(value: string) {
    setTyped(value)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      sent.current.push(value)
      tell.current(value)
    }, TYPING_MS)
  }

  return (
    <SearchField
      label={label}
      placeholder={placeholder}
      icon={<Search />}
      value={typed}
      maxLength={MAX_LENGTH}
      onChange={(event) => type(event.target.value)}
      className={className}
    />
  )
}
