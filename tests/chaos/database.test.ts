import { DATABASE_FAULTS } from './faults/database'
import { onceEach } from './suite'

onceEach(DATABASE_FAULTS)
