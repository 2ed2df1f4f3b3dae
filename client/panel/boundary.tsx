import { Component, type ComponentChildren } from 'preact';
import { DialogFrame } from './dialogFrame.tsx';

interface Props {
  /** What it is that may fail, for the message. */
  readonly name: string;
  /** Whether it is one, which must be closed before the page goes on. */
  readonly isDialog?: boolean;
  readonly children: ComponentChildren;
}

/** A fault in one panel is told in its place, and the rest of the page goes on. */
export class Boundary extends Component<Props, { problem: string | null }> {
  override state = { problem: null };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ problem: error instanceof Error ? error.message : String(error) });
  }

  override render() {
    if (this.state.problem === null) return this.props.children;
    const fault = (
      <div class="fault" role="alert">
        <p>
          {this.props.name} cannot be shown: {this.state.problem}
        </p>
        <button type="button" class="button" onClick={() => this.setState({ problem: null })}>
          Try again
        </button>
      </div>
    );
    return this.props.isDialog ? <DialogFrame title={this.props.name}>{fault}</DialogFrame> : fault;
  }
}
