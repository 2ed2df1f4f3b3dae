import { loadLayout } from '../files/load.ts';
import { writeCityFlow } from '../formats/cityflow/write.ts';
import { visible } from '../protocol/visibleText.ts';
import { writeFolder } from './folderDraft.ts';
import { claimFolder } from './outFolder.ts';
import { print } from './terminal.ts';
import { warn } from './warn.ts';

/** A folder of CityFlow files may be somebody's data: never replaced. */
const never = () => false;

/** `greenwave export cityflow FILE`: the three files that CityFlow loads. */
export async function exportCityFlow(file: string, flags: { seed: number; out: string }): Promise<void> {
  const { layout, warnings } = await loadLayout(file);
  claimFolder(flags.out, never);
  const { warnings: unsaid, ...texts } = writeCityFlow(layout, { seed: flags.seed });
  warn([...warnings, ...unsaid]);
  const files = Object.entries(texts).map(([name, text]) => [name, [text]] as const);
  await writeFolder(flags.out, never, Object.fromEntries(files));
  print(`${visible(file)}: written to ${flags.out} as ${files.map(([name]) => name).join(', ')}.\n`);
}
