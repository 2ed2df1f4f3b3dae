import { loadLayout } from '../files/load.ts';
import { writeCityFlow } from '../formats/cityflow/write.ts';
import { writeFolder } from './folderDraft.ts';
import { checkFolder } from './outFolder.ts';
import { warn } from './warn.ts';

/** A folder of CityFlow files may be somebody's data: never replaced. */
const never = () => false;

/** `greenwave export cityflow FILE`: the three files that CityFlow loads. */
export async function exportCityFlow(file: string, flags: { seed: number; out: string }): Promise<void> {
  const { layout, warnings } = await loadLayout(file);
  checkFolder(flags.out, never);
  const { warnings: unsaid, ...texts } = writeCityFlow(layout, { seed: flags.seed });
  warn([...warnings, ...unsaid]);
  const files = Object.entries(texts).map(([name, text]) => [name, [text]] as const);
  await writeFolder(flags.out, never, Object.fromEntries(files));
  process.stdout.write(`${file}: written to ${flags.out} as ${files.map(([name]) => name).join(', ')}.\n`);
}
