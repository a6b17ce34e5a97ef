/** Builds every part of dist/ whose sources are not those that it was built from. Throws when a build fails. */
export function ensureBuilt(): Promise<void>;
