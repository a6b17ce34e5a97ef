/**
 * A time as the API shows it: RFC 3339, UTC, milliseconds, `Z`. What is finer than a millisecond is cut off, not
 * rounded, so that a shown time is never later than the stored one; a null stays null.
 */
export function timeText(expression: string): string {
	return `to_char((${expression}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
