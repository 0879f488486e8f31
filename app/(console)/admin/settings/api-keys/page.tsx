import { ApiKeyList } from '@/components/admin/api-key-list'

export const metadata = { title: 'API Keys' }

export default function ApiKeysPage() {
  return <ApiKeyList />
}
