import { amount } from '../../scenario/problem.ts';
import type { Findings } from './findings.ts';

/** So many reasons, and so many flows of each, are told. */
const REASONS_TOLD = 5;
const FLOWS_TOLD = 3;

/** Flows whose route cannot be driven, by reason: CityFlow creates no vehicles of them, and says nothing. */
export class FlowsLeftOut {
  readonly #rows = new Map<string, number[]>();

  /** @param reason  in words that go on a sentence, the same for flows of one kind */
  note(row: number, reason: string): void {
    const known = this.#rows.get(reason);
    if (known === undefined) this.#rows.set(reason, [row]);
    else known.push(row);
  }

  /** Warns of all flows that were left out: how many of how many, why, and which come first. */
  tell(name: string, flowCount: number, findings: Findings): void {
    const count = [...this.#rows.values()].reduce((sum, rows) => sum + rows.length, 0);
    if (count === 0) return;
    const reasons = [...this.#rows].sort(([, a], [, b]) => b.length - a.length);
    const told = reasons.slice(0, REASONS_TOLD).map(([reason, rows]) => {
      const first = rows.slice(0, FLOWS_TOLD).map((row) => `[${row}]`);
      const more = rows.length > first.length ? ` and ${amount(rows.length - first.length)} more` : '';
      return `${reason} (${first.join(', ')}${more})`;
    });
    const further =
      reasons.length > told.length ? `; and ${amount(reasons.length - told.length)} more reasons` : '';
    const share = Math.max(1, Math.round((100 * count) / flowCount));
    const verb = count === 1 ? 'is' : 'are';
    findings.warn(
      name,
      `${amount(count)} of ${amount(flowCount)} flows (${share} %) ${verb} left out, as their routes cannot be driven: ${told.join('; ')}${further}. Correct the routes, or the roadLinks of the roadnet.`,
    );
  }
}
