'use client'

import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'

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
  useEffect(() => setTyped(text), [text])
  useEffect(() => {
    if (typed === text) return
    const timer = setTimeout(() => onText(typed), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, text, onText])
  return (
    <SearchField
      label={label}
      placeholder={placeholder}
      icon={<Search />}
      value={typed}
      maxLength={MAX_LENGTH}
      onChange={(event) => setTyped(event.target.value)}
      className={className}
    />
  )
}
