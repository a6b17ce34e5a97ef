/** What the embedded database says goes here; pino's loggers fit. */
export interface DatabaseLogger {
	info(values: object, message: string): void;
	warn(values: object, message: string): void;
	error(values: object, message: string): void;
}
