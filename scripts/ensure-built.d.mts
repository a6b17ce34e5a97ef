/** Builds every part of dist/, or those named (`service`, `web console`, `manual`), whose sources are not those it was built from. */
export function ensureBuilt(names?: string[]): Promise<void>;
