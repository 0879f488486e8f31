import { sqlInTenant } from '../../db/in-tenant'
import type { Drawn } from '../../pictures/picture'

export type LogoSize = 'small' | 'large'

/** The picture of a logo in one size; null bytes where it cannot be drawn. Null: nobody tried yet. */
export async function findPicture(
  tenantId: string,
  digest: string,
  size: LogoSize,
): Promise<{ bytes: Uint8Array | null } | null> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT ${size === 'small' ? 'small' : 'large'} AS bytes FROM logo_picture WHERE tenant_id = $1 AND digest = $2`,
    [tenantId, digest],
  )
  return rows[0] ?? null
}

/** Keeps what became of a logo. Another console may have drawn it meanwhile: to the same end. */
export async function insertPicture(tenantId: string, digest: string, drawn: Drawn): Promise<void> {
  const [small, large] = 'pictures' in drawn ? drawn.pictures : []
  await sqlInTenant(tenantId).query(
    `INSERT INTO logo_picture (tenant_id, digest, small, large, refused)
     SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT FROM content WHERE tenant_id = $1 AND digest = $2)
     ON CONFLICT DO NOTHING`,
    [
      tenantId,
      digest,
      small ? Buffer.from(small) : null,
      large ? Buffer.from(large) : null,
      'refused' in drawn ? drawn.refused : '',
    ],
  )
}
