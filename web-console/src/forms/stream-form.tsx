import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { AnyField, ChoiceField, SwitchField, TextField } from "./fields.tsx";
import type { FormState } from "./form-state.ts";
import type { PlacedError } from "./invalid-body.ts";
import { PoliciesSection } from "./policies-section.tsx";
import { ReferenceTest } from "./reference-test.ts";
import { ReferenceTestPanel } from "./reference-test-panel.tsx";
import { type Backdrop, RegionSection, WHOLE_FRAME } from "./region-section.tsx";

interface StreamFormProps {
	form: FormState;
	backdrop: Backdrop;
	/** Names of groups that are offered. */
	groups: readonly string[];
	/** What the button says: "Create the stream". */
	submit: string;
	/** Sends the body; answers what was wrong, or null when all is well. */
	onSubmit: (body: unknown) => Promise<PlacedError | null>;
	onCancel: () => void;
	/** What to know about secrets that stand as ******** in it. */
	secretHint?: string;
	/** The stream that it writes anew. */
	stream_id?: string;
}

const TYPES = [
	["tcp", "tcp: a live source, RTSP over TCP"],
	["udp", "udp: a live source, RTSP over UDP"],
	["videofile", "videofile: a video file"],
	["images", "images: a set of images"],
] as const;
const ROTATIONS = [
	["0", "0, as it is"],
	["90", "90 clockwise"],
	["180", "180, upside down"],
	["270", "270 clockwise"],
] as const;
const AUTHORIZATIONS = [
	["", "By the stream's own account"],
	["authorization_account", "By another account"],
	["authorization_token", "By a token"],
] as const;

/** The form of a whole stream, new or written anew. */
export function StreamForm(props: StreamFormProps) {
	const { form, backdrop, groups, submit, onSubmit, onCancel, secretHint = "", stream_id } = props;
	const test = useMemo(() => new ReferenceTest(form, stream_id), [form, stream_id]);
	useEffect(() => () => test.stop(), [test]);
	const sending = useSignal(false);
	const element = useRef<HTMLFormElement>(null);
	const type = String(form.draft["data.type"] ?? "");
	const live = type === "tcp" || type === "udp";
	const authorization = form.draft["event_handler.authorization?"];
	const wrong = form.wrong;

	const focusFirstWrong = () =>
		requestAnimationFrame(() => {
			const field = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
			const closed = field?.closest("details:not([open])");
			if (closed instanceof HTMLDetailsElement) closed.open = true;
			field?.focus();
		});
	const send = async () => {
		if (sending.value) return;
		const body = form.body();
		if (body === undefined) {
			focusFirstWrong();
			return;
		}
		sending.value = true;
		const error = await onSubmit(body);
		sending.value = false;
		if (error === null) return;
		form.refuse(error);
		focusFirstWrong();
	};

	return (
		<form
			ref={element}
			class="form"
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				void send();
			}}
		>
			<Section title="Source">
				<div class="form-grid">
					<ChoiceField form={form} path="data.type" choices={TYPES} hint="What the reference leads to." />
					<TextField
						form={form}
						path="data.reference"
						wide
						required
						placeholder={exampleOf(type)}
						hint={secretHint || "The address of the camera or file, as the agent reaches it."}
					/>
					<ReferenceTestPanel test={test} onWrong={focusFirstWrong} />
					<TextField form={form} path="name" placeholder="Front door" />
					<TextField form={form} path="account_id" required placeholder="557d54ec-29ad-4f3c-93b4-c9092ef12515" />
					<ChoiceField form={form} path="data.rotation" choices={ROTATIONS} />
					{type !== "images" && <AnyField form={form} path="data.preferred_program_stream_frame_width" />}
					{live && <SwitchField form={form} path="data.endless" />}
					<TextField form={form} path="description" wide lines={2} />
				</div>
			</Section>
			<Section title="Handler" aside="Where events go">
				<div class="form-grid">
					<TextField form={form} path="event_handler.origin" type="url" placeholder="http://127.0.0.1:5000" />
					<TextField form={form} path="event_handler.bestshot_handler.handler_id" />
					<TextField form={form} path="event_handler.frame_store" type="url" />
					<ChoiceField
						form={form}
						path="event_handler.authorization?"
						choices={AUTHORIZATIONS}
						hint="On whose behalf events are sent."
					/>
					{authorization === "authorization_token" && (
						<TextField
							form={form}
							path="event_handler.authorization.token"
							type="password"
							required
							hint={
								form.draft["event_handler.authorization.token"] === "********"
									? "The stored token stays unless you type another one."
									: "A secret of the platform. It is not shown again."
							}
						/>
					)}
					{authorization === "authorization_account" && (
						<TextField form={form} path="event_handler.authorization.account_id" required />
					)}
					{form.draft["event_handler.detection_handler.handler_id"] !== undefined && (
						<TextField form={form} path="event_handler.detection_handler.handler_id" hint="Kept, and used no more." />
					)}
				</div>
			</Section>
			<Section title="Region" aside="Which part of the picture counts">
				<RegionSection form={form} backdrop={backdropOf(test, backdrop)} />
			</Section>
			<Section title="Restart">
				<div class="form-grid restart">
					<SwitchField
						form={form}
						path="autorestart.restart"
						yes="1"
						no="0"
						hint="Off: a failed stream waits for somebody."
					/>
					{String(form.draft["autorestart.restart"] ?? "0") === "1" && (
						<>
							<TextField form={form} path="autorestart.attempt_count" />
							<TextField form={form} path="autorestart.delay" />
						</>
					)}
				</div>
			</Section>
			<PoliciesSection form={form} />
			<Section title="Location" aside="Where the camera stands">
				<div class="form-grid">
					{["city", "area", "district", "street", "house_number"].map((name) => (
						<TextField key={name} form={form} path={`location.${name}`} hint="" placeholder="" />
					))}
					<TextField form={form} path="location.geo_position.longitude" hint="" />
					<TextField form={form} path="location.geo_position.latitude" hint="" />
				</div>
			</Section>
			<Section title="Group and start">
				<div class="form-grid">
					<TextField
						form={form}
						path="group_name"
						offered={groups}
						hint="A group that is there. The stream is linked to it."
						placeholder="None"
					/>
					<SwitchField
						form={form}
						path="status"
						label="Start paused"
						yes="pause"
						no="pending"
						hint="No agent takes it before somebody resumes it."
					/>
				</div>
			</Section>
			<div class="form-foot">
				<button type="submit" class="button main" disabled={sending.value}>
					{sending.value ? "Sending …" : submit}
				</button>
				<button type="button" class="button" onClick={onCancel}>
					Cancel
				</button>
				<p class="form-verdict" role="status">
					{form.general.value ||
						(wrong > 0 ? `${wrong === 1 ? "One field needs" : `${wrong} fields need`} a look.` : "")}
				</p>
			</div>
		</form>
	);
}

/** The frame that a test has shown, or else what was known before. */
function backdropOf({ state }: ReferenceTest, known: Backdrop): Backdrop {
	if (state.step !== "told" || state.told.video === null) return known;
	const { told, picture, rotation } = state;
	if (picture === null && known.picture !== null) return known;
	return { source: told.video, picture, madeWith: { roi: WHOLE_FRAME, rotation } };
}

function Section({ title, aside, children }: { title: string; aside?: string; children: ComponentChildren }) {
	return (
		<section class="form-section">
			<div class="form-head">
				<h2>{title}</h2>
				{aside && <span class="form-aside">{aside}</span>}
			</div>
			{children}
		</section>
	);
}

function exampleOf(type: string): string {
	if (type === "videofile") return "/video/day.mp4";
	if (type === "images") return "/pictures/day";
	return "rtsp://192.168.1.20/main";
}
