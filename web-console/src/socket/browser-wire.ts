import type { Dial, Timers } from "./wire.ts";

/** Dials the console's socket with the browser's WebSocket. `base`: where the page is served, with a slash at the end. */
export function browserDial(base: string): Dial {
	const url = new URL("console/socket", base);
	url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
	return (events) => {
		const socket = new WebSocket(url);
		socket.binaryType = "arraybuffer";
		socket.onopen = () => events.onOpen();
		socket.onmessage = ({ data }: MessageEvent<unknown>) => {
			if (typeof data === "string") events.onText(data);
			else if (data instanceof ArrayBuffer) events.onBinary(data);
		};
		socket.onclose = ({ code }) => events.onClosed(code);
		return {
			send: (text) => socket.send(text),
			close: () => socket.close(),
			get bufferedAmount() {
				return socket.bufferedAmount;
			},
		};
	};
}

export const browserTimers: Timers = {
	set: (callback, ms) => setTimeout(callback, ms),
	clear: (timer) => {
		if (typeof timer === "number") clearTimeout(timer);
	},
	now: () => performance.now(),
};
