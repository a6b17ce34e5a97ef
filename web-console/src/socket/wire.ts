/** An open or opening socket. */
export interface Wire {
	send(text: string): void;
	/** Closes it; `onClosed` follows unless it is closed already. */
	close(): void;
	/** Bytes that wait inside the browser. */
	readonly bufferedAmount: number;
}

export interface WireEvents {
	onOpen(): void;
	onText(text: string): void;
	onBinary(bytes: ArrayBuffer): void;
	/** Once. */
	onClosed(code: number): void;
}

/** Opens a socket to the service. */
export type Dial = (events: WireEvents) => Wire;

/** The timers of the platform, or of a test. */
export interface Timers {
	set(callback: () => void, ms: number): unknown;
	clear(timer: unknown): void;
	/** Milliseconds of a clock that only goes forward. */
	now(): number;
}
