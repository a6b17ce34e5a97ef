// What the benchmark does inside the console's page; put into it before anything of the page runs.

/** When the first link to a stream was there and drawn, ms since the page was asked for. */
let firstRow = null;
/** By number: when a cell that says `probe-<number>` was drawn, ms since 1970. */
const probes = {};

const afterDrawing = (note) =>
	requestAnimationFrame(() => {
		// A message comes after the frame that was under way.
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			note();
		};
		port2.postMessage(null);
	});

function noteProbes(text) {
	for (const [, number] of text.matchAll(/probe-(\d+)/g)) {
		if (number in probes) continue;
		probes[number] = null;
		afterDrawing(() => {
			probes[number] = performance.timeOrigin + performance.now();
		});
	}
}

new MutationObserver((changes) => {
	if (firstRow === null && document.querySelector('main a[href^="#/stream/"]') !== null) {
		firstRow = 0;
		afterDrawing(() => {
			firstRow = performance.now();
		});
	}
	for (const { target, type, addedNodes } of changes) {
		if (type === "characterData") noteProbes(target.data);
		else for (const node of addedNodes) noteProbes(node.textContent ?? "");
	}
}).observe(document, { subtree: true, childList: true, characterData: true });

/** The element that has most to scroll. */
function scroller() {
	const hidden = (element) => element.scrollHeight - element.clientHeight;
	return [...document.querySelectorAll("main, main *")]
		.filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowY))
		.reduce((most, element) => (most === null || hidden(element) > hidden(most) ? element : most), null);
}

globalThis.bench = {
	firstRow: () => firstRow || null,
	probes: () => probes,
	/** Ids of the streams that are on the screen, whole; those in part as well if asked for. */
	onScreen: (inPart = false) =>
		[...document.querySelectorAll("main [data-stream-id]")]
			.filter((element) => {
				const { top, bottom } = element.getBoundingClientRect();
				return inPart ? bottom > 0 && top < innerHeight : top >= 0 && bottom <= innerHeight;
			})
			.map((element) => element.dataset.streamId),
	/** How much there is to scroll, px. */
	scrollable: () => {
		const element = scroller();
		return element === null ? 0 : element.scrollHeight - element.clientHeight;
	},
	/** Scrolls up and down at this speed, px a frame, for so many seconds; gives the milliseconds of every frame. */
	scroll: async (seconds, speed) => {
		const element = scroller();
		const frames = [];
		let direction = 1;
		let last = await new Promise(requestAnimationFrame);
		for (const end = last + seconds * 1000; last < end; ) {
			const before = element.scrollTop;
			element.scrollTop += direction * speed;
			const now = await new Promise(requestAnimationFrame);
			frames.push(now - last);
			last = now;
			if (element.scrollTop === before) direction = -direction;
		}
		return frames;
	},
};
