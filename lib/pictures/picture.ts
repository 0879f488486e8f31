/** The sides of the square that a picture fits into, in pixels: what screens show, and twice that for fine ones. */
export const SIDES = { small: 64, large: 128 } as const
export type PictureSize = keyof typeof SIDES

/** A logo drawn anew by us, as WebP, in each size. */
export type Picture = Record<PictureSize, Uint8Array>

/** What became of a logo: a picture, or the reason why there is none, a sentence for people. */
export type Drawn = { picture: Picture } | { refused: string }

/** What the painter sends: that it is there, and what became of each logo in turn. After its last one it ends. */
export type FromPainter = 'ready' | { drawn: Drawn; isLast: boolean }
