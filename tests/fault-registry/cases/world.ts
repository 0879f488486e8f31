import { type Catalog, type FaultKind, VICTIM } from '../catalog'
import type { Endpoint, Served } from '../kinds'
import type { Random } from '../random'

/** What a fault can be made of. */
export interface World {
  kind: FaultKind
  endpoint: Endpoint
  /** What was served before, and what is served once the fault is over. */
  before: Catalog
  after: Catalog
  random: Random
  /** Origin of the registry, and of another server that writes down who comes. */
  url: string
  evil: string
}

/** Which requests a fault strikes: those for its endpoint, and where that belongs to an item, to the victim alone. */
export const strikes = ({ endpoint }: World) => {
  const isOfItem = ['manifest', 'content', 'logo'].includes(endpoint)
  return (served: Served) =>
    served.endpoint === endpoint &&
    (!isOfItem || (served.name === VICTIM.name && served.version === VICTIM.version))
}
