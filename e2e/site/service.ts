import { ServiceProcess } from "../../tests/main-job/service-process.ts";

/** The service as it is shipped. */
export const BUILT_SERVICE = ["dist/server/main.js"];

/** A service of a test's own, ready; `end()` it afterwards. */
export function startOwnService(env: Record<string, string>): Promise<ServiceProcess> {
	return new ServiceProcess(env, BUILT_SERVICE).ready();
}
