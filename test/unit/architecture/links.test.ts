import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './import-graph.js';

const FOLDERS = ['docs', 'reference', 'results'];
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
];

const INLINE_CODE = /`[^`\n]*`/g;
const FENCED = /^ {0,3}(```|~~~)[^]*?^ {0,3}\1 *$/gm;

/** A page without its code, in which a bracket is no link. */
const prose = (page: string) => readFileSync(join(ROOT, page), 'utf8').replaceAll(FENCED, '');

/** As GitHub makes them: letters, digits, hyphens and underscores in lower case, blanks as hyphens, a number from the second on. */
function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...prose(page).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, title = '']) => {
    const words = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{N}\-_ ]/gu, '').replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** What the relative links of a page name. */
function targetsOf(page: string): readonly string[] {
  const links = prose(page)
    .replaceAll(INLINE_CODE, '')
    .matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g);
  return [...links].map(([, target = '']) => target).filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** The file that a link means, seen from the root. */
function pathOf(page: string, target: string): string {
  const [path = ''] = target.split('#');
  return path === '' ? page : relative(ROOT, join(ROOT, dirname(page), decodeURI(path)));
}

/** The links of a page that lead to nothing. */
function broken(page: string): readonly string[] {
  return targetsOf(page).filter((target) => {
    const [file, anchor] = [pathOf(page, target), target.split('#')[1]];
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
  });
}

test.each(PAGES)('every link of %s leads somewhere', (page) => {
  expect(broken(page)).toEqual([]);
});

test('a link to nothing is found', () => {
  expect(anchorsOf('docs/errors.md')).toContain('exit-codes');
  expect(anchorsOf('docs/errors.md')).not.toContain('no-such-section');
});

test('every page of docs/ can be reached by a link', () => {
  const linked = new Set(
    PAGES.flatMap((page) => targetsOf(page).map((target) => pathOf(page, target))).filter((path) => path !== ''),
  );
  expect(PAGES.filter((page) => page.startsWith('docs/') && !linked.has(page))).toEqual([]);
});
