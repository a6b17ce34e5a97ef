/**
 * The seed of a random test: SEED of the environment, else a new one. Printed, so that a failure can be run again.
 *
 * @param title what the line says the seed belongs to
 */
export function seedFor(title: string): number {
	const given = Number.parseInt(process.env["SEED"] ?? "", 10);
	const seed = Number.isInteger(given) ? given : Math.floor(Math.random() * 2 ** 31);
	console.log(`${title}: SEED=${seed}`);
	return seed;
}
