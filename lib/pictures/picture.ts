/**
 * The sides of the squares that pictures fit into, in pixels. A logo is drawn in what screens show and in twice that, for
 * fine ones; a figure of a README as wide as its column is at most.
 */
export const SIDES = { logo: [64, 128], figure: [1280] } as const satisfies Record<string, number[]>
export type PictureKind = keyof typeof SIDES

/** What became of an image: pictures that we drew of it, as WebP, one a side; or why there are none, a sentence. */
export type Drawn = { pictures: Uint8Array[] } | { refused: string }

export interface ToPainter {
  kind: PictureKind
  bytes: Uint8Array
}

/** What the painter sends: that it is there, and what became of each image in turn. After its last one it ends. */
export type FromPainter = 'ready' | { drawn: Drawn; isLast: boolean }
