import { operations } from '../operation'
import { ChangeQuery, Changes } from '../wire/change'

export const changeOperations = operations({
  listChanges: { permission: 'pack.list', status: 200, query: ChangeQuery, response: Changes },
})
