import { render } from "preact";
import { startConsole } from "./console.ts";
import { Shell } from "./shell.tsx";
import { listenForShortcuts } from "./shortcuts.ts";

const root = document.getElementById("console");
if (root === null) throw new Error("The page has no #console.");
listenForShortcuts();
startConsole();
render(<Shell />, root);
