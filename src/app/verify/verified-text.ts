import { plain } from '../../report/escape.js';
import { cnnbenchInWords } from '../../core/build.js';
import type { Difference } from '../../stats/agreement.js';
import { counted } from '../../stats/wording.js';
import type { Verification, Verified } from './verify.js';

/** One paragraph a cell, and the result in one sentence at the end. */
export function renderVerified({ verifications, withoutResult }: Verified): string {
  const agreeing = verifications.filter((each) => each.ran && each.agrees).length;
  const absent = verifications.filter(({ ran }) => !ran).length;
  const different = verifications.length - agreeing - absent;
  const parts = [
    `${agreeing} of ${counted(verifications.length, 'cell')} ${agreeing === 1 ? 'agrees' : 'agree'}`,
    different > 0 && `${different} ${different === 1 ? 'does' : 'do'} not`,
    absent > 0 && `${absent} could not be run`,
    withoutResult.length > 0 &&
      `${counted(withoutResult.length, 'record')} without a result left out (${firstOf(withoutResult)})`,
  ];
  return [...verifications.map(paragraph), '', `${parts.filter((part) => part !== false).join('; ')}.`].join('\n');
}

function paragraph(verification: Verification): string {
  const { cell } = verification;
  if (!verification.ran) return `not run  ${cell}: ${plain(verification.reason)}`;
  const { agrees, basis, difference, claims, environments } = verification;
  const claimed = claims.map(({ printed, recorded, again }) => `  ${printed}: recorded ${recorded}, now ${again}`);
  if (agrees || difference === undefined) return [`agrees   ${cell}: ${basis}`, ...claimed].join('\n');
  const { recorded, again } = environments;
  return [
    `differs  ${cell}: ${differenceInWords(difference)} (compared: ${basis})`,
    ...claimed,
    `  recorded by cnnbench ${plain(cnnbenchInWords(recorded))}, Node.js ${plain(recorded.node)}, ${plain(recorded.cpu)}`,
    `  now      by cnnbench ${plain(cnnbenchInWords(again))}, Node.js ${plain(again.node)}, ${plain(again.cpu)}`,
  ].join('\n');
}

/** `epoch 9, testAccuracy: recorded 0.5301, now 0.5302`. */
function differenceInWords({ epoch, field, recorded, again }: Difference): string {
  const where = epoch === undefined ? field : `epoch ${epoch}, ${field}`;
  return plain(`${where}: recorded ${recorded}, now ${again}`);
}

function firstOf([first]: Verified['withoutResult']): string {
  return first === undefined ? '' : plain(`${first.cell}: ${first.outcome}`);
}
