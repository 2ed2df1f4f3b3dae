import type { Origin } from './layout.ts';
import { amount, type Findings, type Path } from './problem.ts';
import type { TypeIndex } from './vehicleTypes.ts';

/** Shares must sum to 1; they are never stretched silently. */
export function checkShares(
  shares: Record<string, number | undefined>,
  path: Path,
  findings: Findings,
): void {
  let sum = 0;
  for (const share of Object.values(shares)) sum += share ?? 0;
  if (Math.abs(sum - 1) <= 1e-6) return;
  findings.problem(path, `the shares sum to ${amount(Math.round(sum * 1e6) / 1e6)}.`, 'Make them sum to 1.');
}

/** Vehicle types with their shares; cars only unless given. */
export function typeSharesOf(
  given: Record<string, number> | undefined,
  path: Path,
  index: TypeIndex,
  findings: Findings,
): Origin['vehicleTypes'] {
  const shares = given ?? { car: 1 };
  checkShares(shares, path, findings);
  const result: { vehicleType: number; share: number }[] = [];
  for (const [id, share] of Object.entries(shares)) {
    const vehicleType = index.get(id);
    if (vehicleType === undefined) {
      findings.unknown([...path, id], id, 'is not a vehicle type', () => [...index.keys()]);
    } else if (share > 0) {
      result.push({ vehicleType, share });
    }
  }
  return result;
}
