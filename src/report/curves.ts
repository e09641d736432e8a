import { grouped } from '../core/grouped.js';
import type { Summary, SummaryCell } from '../core/summary.js';
import { isReal } from '../stats/comparable.js';
import { mean } from '../stats/inference/sample.js';
import { percent } from '../stats/wording.js';
import { COLOURS, drawChart } from './chart.js';
import type { ChartSeries, ReferenceLine } from './chart.js';
import type { RenderedFile } from './format.js';
import { dataLabel } from './words.js';

export interface CurveChart {
  readonly title: string;
  readonly file: RenderedFile;
}

type CurveCell = SummaryCell & Required<Pick<SummaryCell, 'curve' | 'dataset'>>;

/** A chart for every suite, data set and profile: test accuracy and training loss per epoch, a line per experiment and backend. */
export function curveCharts(summary: Summary): readonly CurveChart[] {
  const cells = summary.cells.filter(hasCurve);
  return grouped(cells, ({ suite, dataset, profile }) => [suite, dataset.name, dataset.provenance, profile]).flatMap(
    (same) => {
      const [{ suite, profile, dataset }] = same;
      const title = `${suite} on ${dataLabel(dataset)}, profile ${profile}`;
      const provenance = dataset.provenance === 'official' ? '' : `-${dataset.provenance}`;
      const name = `curves-${suite}-${dataset.name}-${profile}${provenance}.svg`;
      const compared = profile === 'full' && isReal(dataset);
      const text = drawChart({
        title,
        subtitle: compared
          ? 'Mean over the seeds, band from the lowest to the highest. Grey: the number on the slide.'
          : 'Mean over the seeds, band from the lowest to the highest. Never compared with the number on a slide.',
        series: series(same),
        references: compared ? references(summary, same) : [],
      });
      return [{ title, file: { name, text } }];
    },
  );
}

function hasCurve(cell: SummaryCell): cell is CurveCell {
  return cell.curve !== undefined && cell.curve.length > 0 && cell.dataset !== undefined;
}

function series(cells: readonly CurveCell[]): readonly ChartSeries[] {
  const experiments = [...new Set(cells.map(({ experiment }) => experiment))];
  const backends = [...new Set(cells.map(({ backend }) => backend))];
  const lines = grouped(cells, ({ experiment, backend, outcome }) => [experiment, backend, outcome === 'diverged']);
  // Lines of two backends lie on each other more often than not: a colour each shows both, while there are enough.
  const ownColours = lines.length <= COLOURS.length;
  return lines.flatMap((seeds) => {
    const [first] = seeds;
    const { experiment, backend } = first;
    const diverged = first.outcome === 'diverged';
    const final = mean(seeds.flatMap(({ testAccuracy }) => testAccuracy ?? []));
    const name = backends.length === 1 ? experiment : `${experiment}, ${backend}`;
    return [
      {
        label: `${name}: ${diverged || final === undefined ? 'diverged' : percent(final)}`,
        colour: ownColours ? lines.indexOf(seeds) : experiments.indexOf(experiment),
        dash: backends.indexOf(backend),
        diverged,
        seeds: seeds.map(({ curve }) => curve),
      },
    ];
  });
}

/** The numbers that the decks print for these experiments; one line for each number. */
function references({ claims }: Summary, cells: readonly CurveCell[]): readonly ReferenceLine[] {
  const experiments = new Set(cells.map(({ experiment }) => experiment));
  const printed = claims.filter(
    ({ kind, experiment, expected }) =>
      kind === 'accuracy' && typeof expected === 'number' && experiment !== undefined && experiments.has(experiment),
  );
  return grouped(printed, ({ expected }) => [expected]).flatMap((same) => {
    const [first] = same;
    if (typeof first.expected !== 'number') return [];
    const ids = [...new Set(same.map(({ experiment }) => experiment))];
    const whose = experiments.size > 1 ? ` (${ids.join(', ')})` : '';
    return [{ value: first.expected, label: `slide: ${first.printed}${whose}` }];
  });
}
