// Writes the manual's reference pages and the example file anew from what the service is made of.
import { writeFileSync } from "node:fs";
import { composeProxyConfiguration } from "./cluster/proxy-configuration.ts";
import { describedMetrics } from "./described-api.ts";
import { agentErrorsPage, errorsPage } from "./errors-reference.ts";
import { installedPackages, licencesPage } from "./licences.ts";
import { metricsPage } from "./metrics-reference.ts";
import { exampleFile, settingsPage } from "./settings-reference.ts";

const root = new URL("../", import.meta.url);
const files = {
	"docs/settings.md": settingsPage(),
	"perigee.example.yaml": exampleFile(),
	"docs/errors.md": errorsPage(),
	"docs/agent-errors.md": agentErrorsPage(),
	"docs/licences.md": licencesPage(installedPackages()),
	"docs/metrics.md": metricsPage(await describedMetrics()),
	"docs/deploy/haproxy.cfg": composeProxyConfiguration(),
};
for (const [path, text] of Object.entries(files)) writeFileSync(new URL(path, root), text);
