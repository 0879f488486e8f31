import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import { Children, type ComponentProps, cloneElement, type ReactElement, type ReactNode } from 'react'

import { cn } from './cn'

const looks = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded border font-medium transition-colors aria-disabled:cursor-not-allowed disabled:cursor-not-allowed aria-disabled:opacity-55 disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      look: {
        primary: 'border-accent bg-accent text-on-accent hover:bg-accent-strong hover:border-accent-strong',
        plain: 'border-line-strong bg-surface text-ink hover:bg-sunken',
        quiet: 'border-transparent text-ink-soft hover:bg-sunken hover:text-ink',
        danger: 'border-bad/50 bg-surface text-bad hover:bg-bad-soft',
      },
      size: {
        normal: 'h-9 px-3.5 text-sm',
        small: 'h-7 px-2.5 text-xs [&_svg]:size-3.5',
        icon: 'size-9 text-sm',
        'small-icon': 'size-7 [&_svg]:size-3.5',
      },
    },
    defaultVariants: { look: 'plain', size: 'normal' },
  },
)

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof looks> {
  /** Gives the looks to its only child, for links. */
  asChild?: boolean
  /** Something is under way: shows it, and takes no second press. */
  busy?: boolean
  /** Why it cannot be pressed: told on hover and to screen readers. The button stays focusable. */
  disabledReason?: string
  icon?: ReactNode
}

export function Button({
  look,
  size,
  asChild,
  busy,
  disabledReason,
  icon,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const shared = { className: cn(looks({ look, size }), className) }
  if (asChild) {
    const child = Children.only(children) as ReactElement<{ className?: string }>
    return cloneElement(child, { ...rest, className: cn(shared.className, child.props.className) })
  }
  const blocked = busy || disabledReason !== undefined
  return (
    <button
      type="button"
      {...shared}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      title={disabledReason}
      {...rest}
      onClick={blocked ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <LoaderCircle aria-hidden className="animate-spin" /> : icon}
      {children}
    </button>
  )
}
