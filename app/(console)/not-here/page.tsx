import { NotHerePage } from '@/components/why/not-here-page'

export const metadata = { title: 'Why is it not here?' }

export default function WhyNotHerePage() {
  return <NotHerePage />
}
