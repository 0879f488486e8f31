import { WebhookList } from '@/components/webhooks/webhook-list'

export const metadata = { title: 'Webhooks' }

export default function WebhooksPage() {
  return <WebhookList />
}
