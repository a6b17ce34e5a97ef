/**
 * What the sample sources show. Every scene is a graph of FFmpeg's own picture generators, so that nothing has to be
 * downloaded; every scene moves and carries a running counter of seconds, so that a frozen picture is seen at once.
 */

/** Size and rate of all samples: small enough that a demo leaves the machine its cores. */
export const PICTURE = { width: 640, height: 360, fps: 15 } as const;

export interface Scene {
	/** Also the name of its file. */
	readonly name: string;
	/** A filter graph without sources from outside, giving pictures of any size. */
	readonly graph: string;
	readonly seconds: number;
}

const size = `${PICTURE.width}x${PICTURE.height}`;

/** The background with a running clock in its corner: the one that `testsrc2` draws, cut out. */
function withCounter(background: string): string {
	const counter = `testsrc2=size=320x180:rate=${PICTURE.fps},crop=100:36:2:2,scale=iw*1.5:ih*1.5`;
	return `${background}[picture];${counter}[counter];[picture][counter]overlay=x=main_w-overlay_w-12:y=12`;
}

/** Endless sources play these in a loop. */
export const LIVE_SCENES = {
	gate: { name: "gate", seconds: 20, graph: `testsrc2=size=${size}:rate=${PICTURE.fps}` },
	yard: {
		name: "yard",
		seconds: 20,
		graph: withCounter(
			`life=size=160x90:rate=${PICTURE.fps}:mold=12:seed=7:ratio=0.2:life_color=#7CFC9A:death_color=#20405A:mold_color=#102030,scale=${PICTURE.width}:${PICTURE.height}:flags=neighbor`,
		),
	},
	lobby: {
		name: "lobby",
		seconds: 20,
		graph: withCounter(
			`gradients=size=${size}:rate=${PICTURE.fps}:nb_colors=4:c0=#0B3954:c1=#BFD7EA:c2=#FF6663:c3=#E0FF4F:seed=3:speed=0.03`,
		),
	},
	dock: { name: "dock", seconds: 20, graph: `testsrc=size=${size}:rate=${PICTURE.fps},hue=h=140:s=0.7` },
} satisfies Record<string, Scene>;

/** The finite recording. */
export const RECORDING: Scene = {
	name: "archive",
	seconds: 24,
	graph: withCounter(
		`mandelbrot=size=320x180:rate=${PICTURE.fps}:maxiter=200:start_scale=3:end_scale=0.3:end_pts=360,scale=${PICTURE.width}:${PICTURE.height}`,
	),
};

/** The folder of still pictures: one every two seconds of its scene. */
export const STILLS = {
	name: "stills",
	count: 24,
	graph: `testsrc2=size=${size}:rate=1/2`,
} as const;
