import { WebhookPage } from '@/components/webhooks/webhook-page'

export const metadata = { title: 'Webhook' }

export default async function OneWebhookPage({ params }: { params: Promise<{ uid: string }> }) {
  return <WebhookPage uid={(await params).uid} />
}
