import { cnnbenchInWords, type Build, type BuildShare } from '../../core/build.js';
import { grouped } from '../../core/grouped.js';
import type { Summary } from '../../core/summary.js';
import { differencesIn } from '../population.js';
import { counted } from '../wording.js';
import type { Place } from './policy.js';

/** Cells that do not belong together, or not to this version. */
export interface PopulationFinding {
  readonly rule: 'mixed-builds' | 'other-recipe';
  readonly place: Place;
  readonly subject: string;
  readonly message: string;
}

export type Population = Pick<Summary, 'cells' | 'builds'> & { readonly environment?: Build };

/**
 * Whether the cells are of one population, and of the one that they are judged by.
 *
 * - `mixed-builds`: several builds of cnnbench made them, or another one than this: the seeds of two programs are no sample, and
 *   what an earlier one left does not test this one;
 * - `other-recipe`: their recipe is not that of this version, so neither are its thresholds and references theirs.
 *
 * @param here the build that judges; absent: whatever made the cells
 */
export function lintPopulation(summary: Population, here?: Build): readonly PopulationFinding[] {
  return [...mixedBuilds(summary, here), ...otherRecipes(summary)];
}

function mixedBuilds({ cells, builds, environment }: Population, here?: Build): readonly PopulationFinding[] {
  const of = builds ?? (environment === undefined ? [] : [{ ...environment, cells: cells.length }]);
  const all: readonly Build[] = [...of, ...(here === undefined ? [] : [here])];
  if (cells.length === 0 || differencesIn(all, ['build'], (build) => ({ build })).length === 0) return [];
  const thisOne = here === undefined ? '' : `; this is ${cnnbenchInWords(here)}`;
  const message = `the cells were made by ${buildsInWords(of)}${thisOne}`;
  return [{ rule: 'mixed-builds', place: {}, subject: 'builds of cnnbench', message }];
}

/** `0.1.0, built from 1c684084262b (2 cells) and 0.0.9 (1 cell)`. */
export function buildsInWords(builds: readonly BuildShare[]): string {
  const each = builds.map((build) => `${cnnbenchInWords(build)} (${counted(build.cells, 'cell')})`);
  return each.length < 2 ? each.join('') : `${each.slice(0, -1).join('; ')} and ${each.at(-1)}`;
}

function otherRecipes({ cells }: Population): readonly PopulationFinding[] {
  const others = cells.filter(({ outdated }) => outdated !== undefined);
  return grouped(others, ({ experiment, backend, profile, outdated }) => [experiment, backend, profile, outdated]).map(
    (alike) => {
      const [{ experiment, backend, profile, outdated = '' }] = alike;
      const subject = `${experiment} on ${backend}, ${profile}`;
      return {
        rule: 'other-recipe',
        place: alike[0],
        subject,
        message: `${counted(alike.length, 'cell')}: ${outdated}`,
      };
    },
  );
}
