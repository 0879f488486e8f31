import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { Toaster, toast } from 'sonner'

const STYLE = { background: 'var(--surface)', color: 'var(--ink)', borderColor: 'var(--line-strong)' }

const root = createRoot(document.body.appendChild(document.createElement('div')))
flushSync(() => root.render(<Toaster position="bottom-right" toastOptions={{ style: STYLE }} />))

export const show = (text: string) => toast(text)
export const showError = (text: string) => toast.error(text)
