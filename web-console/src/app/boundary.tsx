import { Component, type ComponentChildren } from "preact";

/** Keeps a fault of one place from taking the whole page away. */
export class Boundary extends Component<{ children: ComponentChildren }, { failed: boolean }> {
	override state = { failed: false };

	override componentDidCatch(error: unknown): void {
		console.error(error);
		this.setState({ failed: true });
	}

	render() {
		if (!this.state.failed) return this.props.children;
		return (
			<div class="note" role="alert">
				<p>This place met a fault of its own. Nothing happened to the streams.</p>
				<button type="button" class="button" onClick={() => this.setState({ failed: false })}>
					Show it again
				</button>
			</div>
		);
	}
}
