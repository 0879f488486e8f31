/** A repository name without slashes: what every pack name must be, since it becomes part of a path and a URL. */
export const PACK_NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
export const PACK_NAME_MAX = 128
