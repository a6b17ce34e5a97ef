import { hrefOf } from "../../app/address.ts";
import { labelOf } from "../../forms/labels.ts";
import { NOT_GIVEN, type Setting, settingsOf } from "./settings-list.ts";

interface SettingsPanelProps {
	stream: Readonly<Record<string, unknown>>;
	groups: readonly string[];
}

const SECTIONS = [
	["data", "Source"],
	["event_handler", "Handler"],
	["autorestart", "Restart"],
	["location", "Location"],
	["policies", "Policies"],
] as const;

/** A place of which nothing is given is said in one line. */
function given(settings: readonly Setting[]): readonly Setting[] {
	const [first] = settings;
	const nothing = first?.path.startsWith("location.") && settings.every(({ text }) => text === NOT_GIVEN);
	return nothing ? [{ path: "location", text: NOT_GIVEN }] : settings;
}

/** Everything that was written of the stream, by section. */
export function SettingsPanel({ stream, groups }: SettingsPanelProps) {
	return (
		<section class="panel" aria-labelledby="settings-title">
			<h2 id="settings-title">Settings</h2>
			<dl class="facts">
				<div>
					<dt>Stream id</dt>
					<dd>
						<code>{String(stream["stream_id"] ?? "")}</code>
					</dd>
				</div>
				<div>
					<dt>Account id</dt>
					<dd>
						<code>{String(stream["account_id"] ?? "")}</code>
					</dd>
				</div>
				<div>
					<dt>Groups</dt>
					<dd>
						{groups.length === 0
							? "none"
							: groups.map((name, at) => (
									<span key={name}>
										{at > 0 && ", "}
										<a href={hrefOf("streams", [], { q: `group:${name}` })}>{name}</a>
									</span>
								))}
					</dd>
				</div>
			</dl>
			{SECTIONS.map(([name, title]) => (
				<details key={name} class="settings" open={name !== "policies"}>
					<summary>
						<h3>{title}</h3>
					</summary>
					<dl class="facts">
						{given(settingsOf(stream[name], name)).map(({ path, text }) => (
							<div key={path}>
								<dt>{labelOf(path)}</dt>
								<dd>
									<bdi>{text}</bdi>
								</dd>
							</div>
						))}
					</dl>
				</details>
			))}
		</section>
	);
}
