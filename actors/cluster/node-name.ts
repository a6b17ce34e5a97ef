/** The name of a running node: which one, and which of its lives. */
export interface NodeName {
	node_id: string;
	/** New at each start: what an earlier life of the same node held is not this one's. */
	boot_id: string;
}
