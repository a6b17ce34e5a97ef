// Loaded before a child of the demo (`node --import`): when the demo is gone without having said goodbye (killed, crashed),
// its channel to the child breaks, and the child ends in the same orderly way as at SIGTERM.
if (process.env.DEMO_LEASH === "1") {
	// What this child starts itself is its own business.
	delete process.env.DEMO_LEASH;
	process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
	// The channel alone is no reason to stay.
	process.channel?.unref();
}
