/** Brings a file of failing seeds up to date with the runs that were made since. */
import { campaigns } from "../../campaigns/index.ts";
import { writeWhole } from "../../history/live/write-whole.ts";
import { shownPath } from "../../machine/user-folder.ts";
import type { FailingSeed } from "../../store/failing-seeds.ts";
import { formatFailingSeeds, updateFailingSeeds } from "../../store/failing-seeds.ts";
import type { RunSummary } from "../../store/stored-run.ts";

/** @param known what the file had before */
export async function keepFailingSeeds(
  file: string,
  known: readonly FailingSeed[],
  runs: readonly RunSummary[],
  notice: (sentence: string) => void,
): Promise<void> {
  const shipped = new Set(campaigns.map(({ name }) => name));
  const gone = known.filter(({ campaign }) => !shipped.has(campaign));
  for (const { campaign, seed } of gone)
    notice(`${campaign} (seed ${seed}) is forgotten: there is no such campaign any more`);
  const isShipped = ({ campaign }: { readonly campaign: string }): boolean => shipped.has(campaign);
  const updated = updateFailingSeeds(known.filter(isShipped), runs.filter(isShipped));
  await writeWhole(file, formatFailingSeeds(updated));
  notice(`${shownPath(file)}: ${updated.length} failing seeds, ${known.length} before`);
}
