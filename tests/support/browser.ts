import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserServer, chromium, type Response } from "playwright-core";
import { describe, test } from "vitest";
import { programInPath } from "../../scripts/program-in-path.ts";
import { awaitAnswer, isOurs, isReadable } from "./seen-answers.ts";

/** A Chromium that can be started, with what its process needs in its environment. */
interface Found {
	executable: string;
	env: Record<string, string>;
}

const howToInstall =
	"no browser: `npm ci` brings one for Linux on x64; elsewhere `apt-get install chromium`, or name one in PERIGEE_BROWSER";

const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const packed = `${modules}@sparticuz/chromium/package.json`;
const given = process.env["PERIGEE_BROWSER"];
const installed = programInPath(["chromium", "chromium-browser", "google-chrome"]);
const fromPackage = process.platform === "linux" && process.arch === "x64" && existsSync(packed);

/** Whether a browser can be started here. */
export const browserIsThere = given !== undefined || fromPackage || installed !== undefined;

/**
 * A suite that needs a browser. On a machine without one it is skipped, with the line that says what is missing; with CI set,
 * that is a failure.
 */
export function describeWithBrowser(name: string, suite: () => void): void {
	if (browserIsThere) describe(name, suite);
	else if (process.env["CI"])
		test(name, () => {
			throw new Error(howToInstall);
		});
	else {
		console.warn(`Skipped: ${name}: ${howToInstall}`);
		describe.skip(`${name} (${howToInstall})`, suite);
	}
}

/**
 * Starts a browser without a window: the one of PERIGEE_BROWSER, else the one that comes with the packages, else one in PATH.
 * It is cut off from the network: it finds no host but 127.0.0.1 and localhost. The caller closes it; it ends with the test
 * run in any case. `args` are added to Chromium's command line.
 */
export async function launchBrowser({ args = [] }: BrowserOptions = {}): Promise<Browser> {
	const browser = await chromium.launch(await launchOptions(args));
	// Benchmarks and scripts start one as well; there is no test then that could fail for an answer.
	return process.env["VITEST"] === undefined ? browser : looking(browser);
}

/** The same for several processes, which share it: they `connectBrowser` to its `wsEndpoint()`. */
export async function launchBrowserServer({ args = [] }: BrowserOptions = {}): Promise<BrowserServer> {
	return chromium.launchServer({ ...(await launchOptions(args)), host: "127.0.0.1" });
}

interface BrowserOptions {
	args?: readonly string[];
}

async function launchOptions(args: readonly string[]) {
	const { executable, env } = await found();
	return {
		executablePath: executable,
		// Root has no sandbox, and these browsers see pages of the service only.
		args: [
			"--no-sandbox",
			"--no-zygote",
			"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
			...args,
		],
		env: { ...process.env, ...env },
	};
}

/** A browser of `launchBrowserServer`, by its `wsEndpoint()`. */
export async function connectBrowser(endpoint: string): Promise<Browser> {
	return looking(await chromium.connect(endpoint));
}

function looking(browser: Browser): Browser {
	const newContext = browser.newContext.bind(browser);
	browser.newContext = async (options) => {
		const context = await newContext(options);
		context.on("response", see);
		return context;
	};
	return browser;
}

/** What the service answers to a page is held against the API's description, like all its answers. */
function see(response: Response): void {
	const headers = response.headers();
	const { pathname, search } = new URL(response.url());
	const answer = { method: response.request().method(), path: pathname + search, status: response.status(), headers };
	if (!isOurs(answer)) return;
	// Of an answer that the page has not waited for, or has left, only the head can be looked at.
	const body = isReadable(headers["content-type"]) ? response.body().catch(() => undefined) : undefined;
	awaitAnswer(Promise.resolve(body).then((bytes) => ({ ...answer, body: bytes })));
}

async function found(): Promise<Found> {
	if (given !== undefined) return { executable: given, env: {} };
	if (fromPackage) return unpacked();
	if (installed !== undefined) return { executable: installed, env: {} };
	throw new Error(howToInstall);
}

/** The browser of the package, unpacked once into a folder of this version beside the packages, with its libraries and fonts. */
async function unpacked(): Promise<Found> {
	const { version } = createRequire(import.meta.url)(packed);
	const cache = `${modules}.cache`;
	const folder = join(cache, `chromium-${version}`);
	if (!existsSync(folder)) {
		await mkdir(cache, { recursive: true });
		const beside = await mkdtemp(`${folder}-`);
		await unpack(beside);
		await writeFile(join(beside, "fonts", "fonts.conf"), fontSettings(join(folder, "fonts")));
		// Somebody else may have been quicker; theirs is the same.
		await rename(beside, folder).catch((error: unknown) => {
			if (!existsSync(folder)) throw error;
		});
		await rm(beside, { recursive: true, force: true });
	}
	return {
		executable: join(folder, "chromium"),
		env: { LD_LIBRARY_PATH: join(folder, "al2023", "lib"), FONTCONFIG_PATH: join(folder, "fonts") },
	};
}

/**
 * In a process of its own: the package unpacks into the system's temporary folder, and only when its environment looks like
 * the one that it is made for does it unpack its shared libraries, too.
 */
function unpack(folder: string): Promise<void> {
	const script = 'await (await import("@sparticuz/chromium")).default.executablePath()';
	const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
		cwd: fileURLToPath(new URL("../../", import.meta.url)),
		env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" },
		stdio: ["ignore", "ignore", "inherit"],
	});
	return new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("exit", (code) =>
			code === 0 ? resolve() : reject(new Error(`the browser cannot be unpacked: exit status ${code}`)),
		);
	});
}

/** The package's own settings look for fonts below /tmp. */
function fontSettings(folder: string): string {
	return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${join(folder, "cache")}</cachedir></fontconfig>
`;
}
