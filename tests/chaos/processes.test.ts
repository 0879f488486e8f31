import { PROCESS_FAULTS } from './faults/processes'
import { onceEach } from './suite'

onceEach(PROCESS_FAULTS)
