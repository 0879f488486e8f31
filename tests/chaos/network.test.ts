import { NETWORK_FAULTS } from './faults/network'
import { onceEach } from './suite'

onceEach(NETWORK_FAULTS)
