import { afterAll, expect, test } from 'vitest'

import { closeDatabase, operatorSql } from '../db/in-tenant'
import { forgetOldFailures } from './forget-old-failures'
import { countFailure, readThrottle } from './store'

afterAll(closeDatabase)

test('failed sign-ins are forgotten after a quiet hour, and not before', async () => {
  const [old, young] = ['a', 'b'].map((name) => `account:${name}-${crypto.randomUUID()}`) as [string, string]
  await countFailure(old)
  await countFailure(young)
  await operatorSql().query(
    `UPDATE sign_in_throttle SET last_failed_at = now() - CASE key WHEN $1 THEN interval '61 minutes'
       ELSE interval '59 minutes' END WHERE key IN ($1, $2)`,
    [old, young],
  )
  expect(await forgetOldFailures()).toBeGreaterThanOrEqual(1)
  expect((await readThrottle([old, young])).map((one) => one.key)).toEqual([young])
})
