// Writes the manual's page about settings and the example file anew from the table of settings.
import { writeFileSync } from "node:fs";
import { exampleFile, settingsPage } from "./settings-reference.ts";

const root = new URL("../", import.meta.url);
writeFileSync(new URL("docs/settings.md", root), settingsPage());
writeFileSync(new URL("perigee.example.yaml", root), exampleFile());
