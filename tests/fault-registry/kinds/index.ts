import type { Catalog, FaultKind } from '../catalog'
import type { Answer, Request } from '../http'
import { answerChart } from './helm'
import { answerOci } from './oci'
import { answerPack } from './pack'

/** What a request is about: where a fault can strike. */
export type Endpoint = 'catalog' | 'versions' | 'tag' | 'contents' | 'manifest' | 'content' | 'logo' | 'other'

/** A sound answer, what it is about, and whose it is where it belongs to one pack. */
export interface Served {
  endpoint: Endpoint
  answer: Answer
  name?: string
  version?: string
}

export const ANSWERS: Record<FaultKind, (catalog: Catalog, request: Request) => Served> = {
  pack: (catalog, request) => answerPack(catalog, request, true),
  distribution: (catalog, request) => answerPack(catalog, request, false),
  oci: answerOci,
  helm: answerChart,
}
