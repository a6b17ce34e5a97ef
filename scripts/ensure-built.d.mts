/**
 * Builds the parts of dist/ whose sources changed, and says so on standard error; some 50 ms when none did. Throws when
 * a build fails, or when the tools to build with are not installed.
 */
export function ensureBuilt(): Promise<void>;
