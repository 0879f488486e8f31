'use client'

import { Upload } from 'lucide-react'
import { useId, useState } from 'react'

import { TextAreaField } from '@/components/ui/field'
import { count } from '@/components/ui/numbers'
import { toPem } from './certificate'

const MAX_FILE_BYTES = 256 * 1024

/** Certificates that are trusted besides the host's own: pasted, or from a file. */
export function CaField({
  value,
  error,
  onChange,
}: {
  value: string
  error?: string
  onChange: (pem: string) => void
}) {
  const id = useId()
  const [problem, setProblem] = useState('')
  const certificates = value.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0

  async function take(file: File | undefined) {
    if (!file) return
    if (file.size > MAX_FILE_BYTES) return setProblem(`${file.name} is too large for a certificate.`)
    const pem = toPem(new Uint8Array(await file.arrayBuffer()))
    if (pem === null) return setProblem(`${file.name} is no certificate in PEM or DER form.`)
    setProblem('')
    onChange(pem)
  }

  return (
    <div className="flex flex-col gap-2">
      <TextAreaField
        label="CA certificate"
        optional
        mono
        rows={certificates > 0 ? 8 : 4}
        spellCheck={false}
        autoComplete="off"
        placeholder={'-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----'}
        hint={
          certificates > 0
            ? `${count(certificates, 'certificate')}, trusted for this registry alone.`
            : 'For a certificate that the host does not trust. Connection test shows the one that is presented.'
        }
        error={error ?? (problem || undefined)}
        value={value}
        onChange={(event) => {
          setProblem('')
          onChange(event.target.value)
        }}
      />
      <div>
        <input
          id={id}
          type="file"
          accept=".pem,.crt,.cer,.der,.cert,application/x-x509-ca-cert,application/x-pem-file"
          className="peer sr-only"
          onChange={(event) => {
            void take(event.target.files?.[0])
            event.target.value = ''
          }}
        />
        <label
          htmlFor={id}
          className="inline-flex h-7 items-center gap-2 rounded border border-line-strong bg-surface px-2.5 font-medium text-xs hover:bg-sunken peer-focus-visible:outline-2 peer-focus-visible:outline-focus peer-focus-visible:outline-offset-2"
        >
          <Upload aria-hidden className="size-3.5" />
          Upload a file
        </label>
      </div>
    </div>
  )
}
