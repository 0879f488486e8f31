import { expect, test } from 'vitest'

import { cn } from './cn'

test('of two classes that set the same the later one stays', () => {
  expect(cn('h-9 px-3.5 text-sm font-medium', 'h-8 px-2 text-xs font-normal')).toBe(
    'h-8 px-2 text-xs font-normal',
  )
  expect(cn('size-4 text-ink', 'size-5 text-accent')).toBe('size-5 text-accent')
  expect(cn('bg-surface inline-flex', 'bg-accent-soft hidden')).toBe('bg-accent-soft hidden')
})

test('classes that set different things stand side by side', () => {
  expect(cn('text-sm text-ink text-right', 'border border-t-0 border-line')).toBe(
    'text-sm text-ink text-right border border-t-0 border-line',
  )
  expect(cn('rounded', 'rounded-r-none')).toBe('rounded rounded-r-none')
  expect(cn('px-2', 'pl-8')).toBe('px-2 pl-8')
})

test('a class with a variant leaves those without it, and of another variant, alone', () => {
  expect(cn('h-9 hover:bg-sunken', 'lg:h-8 hover:bg-accent-soft')).toBe('h-9 lg:h-8 hover:bg-accent-soft')
  expect(cn('[&_svg]:size-4', '[&_svg]:size-3.5')).toBe('[&_svg]:size-3.5')
})

test('a class that sets several things takes the place of those that set one of them', () => {
  expect(cn('h-9 w-4', 'size-7')).toBe('size-7')
  expect(cn('pl-8 py-1', 'p-2')).toBe('p-2')
  expect(cn('a', false, undefined, ['b', { c: true, d: false }])).toBe('a b c')
})
