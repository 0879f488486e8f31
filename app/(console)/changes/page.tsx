import { ChangesPage } from '@/components/changes/changes-page'

export const metadata = { title: 'What changed' }

export default function WhatChangedPage() {
  return <ChangesPage />
}
