import { STORAGE_FAULTS } from './faults/storage'
import { onceEach } from './suite'

onceEach(STORAGE_FAULTS)
