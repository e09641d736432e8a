import type { Explanation } from '../../model/explain.js';
import type { JsonSummary } from '../../model/json/summarize-json.js';
import { paragraph, type Document } from '../../report/document.js';
import { explanationLines } from './explanation.js';
import { claimBlocks, type ModelClaim } from './model-claims.js';
import { layerTable } from './params-table.js';

/** What is counted of a model: its layers, what a printed number stands for, and the claims of the decks. */
export function paramsDocument(
  model: JsonSummary,
  {
    printed,
    claims = [],
  }: { readonly printed?: Explanation | undefined; readonly claims?: readonly ModelClaim[] | undefined },
): Document {
  const { title, input, storedValues, totals } = model;
  const { parameters, nonTrainable } = totals;
  const remarks = [
    ...(storedValues === undefined ? [] : [storedInWords(storedValues, parameters + nonTrainable)]),
    ...(printed === undefined ? [] : explanationLines(printed, parameters)),
  ];
  return {
    title: `${title}, input ${input.join(' x ')}`,
    blocks: [...layerTable(model), ...remarks.map((remark) => paragraph(remark)), ...claimBlocks(claims)],
  };
}

function storedInWords(stored: number, counted: number): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const verdict = stored === counted ? 'as counted' : `not the ${number(counted)} counted`;
  return `The weights manifest lists ${number(stored)} values, ${verdict}.`;
}
