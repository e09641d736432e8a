import { grouped } from '../../core/grouped.js';
import type { Summary, SummaryCell } from '../../core/summary.js';
import { isReal } from '../../stats/comparable.js';
import { curveOverSeeds } from '../../stats/curves.js';
import { mean } from '../../stats/inference/sample.js';
import { percent } from '../../stats/wording.js';
import type { CurveChart, CurveSeries } from '../document.js';
import { dataLabel } from '../words.js';

type CurveCell = SummaryCell & Required<Pick<SummaryCell, 'curve' | 'dataset'>>;

/** As many lines have a colour of their own. */
const COLOURS = 8;

/** A chart for every suite, data set and profile: a line for each experiment and backend. */
export function curveCharts(summary: Pick<Summary, 'cells' | 'claims'>): readonly CurveChart[] {
  const cells = summary.cells.filter(hasCurve);
  return grouped(cells, ({ suite, dataset, profile }) => [suite, dataset.name, dataset.provenance, profile]).map(
    (same) => {
      const [{ suite, profile, dataset }] = same;
      const provenance = dataset.provenance === 'official' ? '' : `-${dataset.provenance}`;
      const compared = profile === 'full' && isReal(dataset);
      const printed = compared ? 'Grey: the printed number.' : 'Never compared with a printed number.';
      return {
        kind: 'curves',
        title: `${suite} on ${dataLabel(dataset)}, profile ${profile}`,
        subtitle: `Mean over the seeds, band from the lowest to the highest. ${printed}`,
        name: `curves-${suite}-${dataset.name}-${profile}${provenance}`,
        series: series(same),
        references: compared ? references(summary, same) : [],
      };
    },
  );
}

function hasCurve(cell: SummaryCell): cell is CurveCell {
  return cell.curve !== undefined && cell.curve.length > 0 && cell.dataset !== undefined;
}

function series(cells: readonly CurveCell[]): readonly CurveSeries[] {
  const experiments = [...new Set(cells.map(({ experiment }) => experiment))];
  const backends = [...new Set(cells.map(({ backend }) => backend))];
  const lines = grouped(cells, ({ experiment, backend, outcome }) => [experiment, backend, outcome === 'diverged']);
  // Lines of two backends lie on each other more often than not: a colour each shows both, while there are enough.
  const ownColours = lines.length <= COLOURS;
  return lines.map((seeds, index) => {
    const [{ experiment, backend, outcome }] = seeds;
    const diverged = outcome === 'diverged';
    const final = mean(seeds.flatMap(({ testAccuracy }) => testAccuracy ?? []));
    const name = backends.length === 1 ? experiment : `${experiment}, ${backend}`;
    const curves = seeds.map(({ curve }) => curve);
    return {
      label: `${name}: ${diverged || final === undefined ? 'diverged' : percent(final)}`,
      colour: ownColours ? index : experiments.indexOf(experiment),
      dash: backends.indexOf(backend),
      diverged,
      seeds: seeds.length,
      accuracy: curveOverSeeds(curves, ({ testAccuracy }) => testAccuracy),
      loss: curveOverSeeds(curves, ({ trainLoss }) => trainLoss),
    };
  });
}

/** The numbers that the decks print for these experiments; one line for each number. */
function references({ claims }: Pick<Summary, 'claims'>, cells: readonly CurveCell[]): CurveChart['references'] {
  const experiments = new Set(cells.map(({ experiment }) => experiment));
  const numbers = claims.flatMap(({ kind, experiment, expected, printed }) =>
    kind === 'accuracy' && typeof expected === 'number' && experiment !== undefined && experiments.has(experiment)
      ? [{ experiment, value: expected, printed }]
      : [],
  );
  return grouped(numbers, ({ value }) => [value]).map((same) => {
    const [{ value, printed }] = same;
    const ids = [...new Set(same.map(({ experiment }) => experiment))];
    const whose = experiments.size > 1 ? ` (${ids.join(', ')})` : '';
    return { value, label: `printed: ${printed}${whose}` };
  });
}
