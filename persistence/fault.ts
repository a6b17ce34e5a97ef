/** The numbers of the error catalogue (contract, section 13). Their status codes and texts stand in `server/http/catalogue.ts`. */
export type FaultCode =
	| 1
	| 12012
	| 12013
	| 12014
	| 12021
	| 12022
	| 12023
	| 12024
	| 12027
	| 39001
	| 39002
	| 39003
	| 39004
	| 39005
	| 39006
	| 39007
	| 39008
	| 39009
	| 39010
	| 39901
	| 39902
	| 39903
	| 39904
	| 39905;

/**
 * The one class of errors that a client may see: a number of the catalogue and the values that its detail names,
 * for instance `new Fault(39001, { id })`. Everything else that is thrown becomes code 1, its cause in the log only.
 */
export class Fault extends Error {
	readonly code: FaultCode;
	readonly values: Readonly<Record<string, string | number>>;

	constructor(code: FaultCode, values: Readonly<Record<string, string | number>> = {}, options?: { cause?: unknown }) {
		super(`fault ${code} ${JSON.stringify(values)}`, options);
		this.name = "Fault";
		this.code = code;
		this.values = values;
	}
}

/** 503/39905: a part that the answer needs is away, overloaded or shutting down. */
export function unavailable(part: string, cause?: unknown): Fault {
	return new Fault(39905, { part }, { cause });
}
