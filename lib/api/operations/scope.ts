import { z } from 'zod'

export const Scope = z.enum(['system', 'tenant', 'all', '']).default('')
