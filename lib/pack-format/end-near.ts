/** From so many days before a pack's end of life people are told of it. */
export const END_NEAR_DAYS = 30
