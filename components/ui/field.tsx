import { CircleAlert } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'

import { cn } from './cn'

const box =
  'w-full rounded border border-line-strong bg-surface text-ink placeholder:text-ink-faint disabled:bg-sunken disabled:text-ink-soft aria-invalid:border-bad'

interface FieldProps {
  label: string
  /** What a person needs to know before typing. */
  hint?: ReactNode
  error?: string
  className?: string
  /** Says that the field may stay empty. */
  optional?: boolean
}

interface Wiring {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

/** A label, its control, a hint and what is wrong, tied together for screen readers. */
export function Field({
  label,
  hint,
  error,
  optional,
  className,
  children,
}: FieldProps & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className={cn('flex flex-col gap-1.5', className)}>
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {optional ? <span className="text-ink-faint text-xs">Optional</span> : null}
      </div>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-bad text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {error}
        </p>
      ) : null}
      {hint ? (
        <p id={`${id}-hint`} className="text-ink-faint text-xs">
          {hint}
        </p>
      ) : null}
    </div>
  )
}

type Control<T extends 'input' | 'textarea' | 'select'> = Omit<ComponentProps<T>, 'className'> &
  FieldProps & { mono?: boolean }

export function TextField({ label, hint, error, optional, className, mono, ...rest }: Control<'input'>) {
  return (
    <Field {...{ label, hint, error, optional, className }}>
      {(wiring) => <input {...wiring} {...rest} className={cn(box, 'h-9 px-2.5', mono && 'mono')} />}
    </Field>
  )
}

export function TextAreaField({
  label,
  hint,
  error,
  optional,
  className,
  mono,
  ...rest
}: Control<'textarea'>) {
  return (
    <Field {...{ label, hint, error, optional, className }}>
      {(wiring) => (
        <textarea rows={5} {...wiring} {...rest} className={cn(box, 'px-2.5 py-2', mono && 'mono text-xs')} />
      )}
    </Field>
  )
}

export function SelectField({
  label,
  hint,
  error,
  optional,
  className,
  mono,
  children,
  ...rest
}: Control<'select'>) {
  return (
    <Field {...{ label, hint, error, optional, className }}>
      {(wiring) => (
        <select {...wiring} {...rest} className={cn(box, 'h-9 px-2', mono && 'mono')}>
          {children}
        </select>
      )}
    </Field>
  )
}

/** A single choice of yes or no, with its explanation beside it. */
export function CheckboxField({
  label,
  hint,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'className' | 'type'> & Omit<FieldProps, 'error' | 'optional'>) {
  const id = useId()
  return (
    <div className={cn('flex items-start gap-2.5', className)}>
      <input
        type="checkbox"
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...rest}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <div className="flex flex-col gap-0.5">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="text-ink-faint text-xs">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  )
}

/** A search box: its label is for screen readers, its icon for everybody else. */
export function SearchField({
  label,
  icon,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { label: string; icon: ReactNode }) {
  return (
    <div className={cn('relative', className)}>
      <span
        aria-hidden
        className="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-ink-faint [&_svg]:size-4"
      >
        {icon}
      </span>
      <input type="search" aria-label={label} {...rest} className={cn(box, 'h-9 pr-2.5 pl-8')} />
    </div>
  )
}
