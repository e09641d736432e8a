import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CnnbenchError } from '../../src/core/errors.js';
import { readTarGz } from '../../src/data/archive.js';

/** Files that are small and promise or become something enormous. */

const DIST = new URL('../../dist/', import.meta.url);
const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const MIB = 2 ** 20;

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'cnnbench-bomb-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A gzip file of so many zeros, of one member for each MiB: 1 GiB takes 1 MiB. */
async function zeros(bytes: number): Promise<string> {
  const path = join(folder, 'x.gz');
  const member = gzipSync(Buffer.alloc(64 * MIB));
  await writeFile(path, Buffer.concat(Array.from({ length: bytes / (64 * MIB) }, () => member)));
  return path;
}

/** Runs a module in a process of its own. @returns its most resident memory, MiB, and what it said */
function inChild(source: string): { readonly peak: number; readonly said: string } {
  const script = `${source}\nprocess.stdout.write('\\n' + process.resourceUsage().maxRSS / 1024);`;
  const stdout = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const lines = stdout.split('\n');
  return { peak: Number(lines.at(-1)), said: lines.slice(0, -1).join('\n') };
}

describe('gzip', () => {
  test.each([
    ['one that has to be short', 1000],
    ['one that may be 46 MiB', 46 * MIB],
  ])('a GiB of zeros in place of %s takes little memory', async (_, most) => {
    const path = await zeros(1024 * MIB);
    const read = `
      import { readContent } from ${JSON.stringify(new URL('data/bytes.js', DIST).href)};
      await readContent(${JSON.stringify(path)}, true, ${most}).then(() => {}, (error) => process.stdout.write(error.code));`;
    const { peak, said } = inChild(read);
    expect(said).toBe('E_DATA_SIZE');
    expect(peak).toBeLessThan(150 + most / MIB);
  });
});

describe('tar', () => {
  const WANTED = new Map([['a.bin', 10]]);

  async function read(tar: Uint8Array): Promise<unknown> {
    const path = join(folder, 'x.tar.gz');
    await writeFile(path, gzipSync(tar));
    const names: string[] = [];
    try {
      for await (const { name } of readTarGz(path, WANTED, 20 * MIB)) names.push(name);
      return names;
    } catch (error) {
      if (!(error instanceof CnnbenchError)) throw error;
      return error.code;
    } finally {
      expect(await readdir(folder)).toEqual(['x.tar.gz']);
    }
  }

  async function tarOf(
    headers: readonly (Pick<Header, 'name'> & Partial<Header>)[],
    content = Buffer.alloc(10),
  ): Promise<Buffer> {
    const tar = pack();
    for (const header of headers) {
      if (header.type === undefined || header.type === 'file') tar.entry(header, content);
      else tar.entry(header);
    }
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Puts a field into the first header, and its checksum right. */
  function edited(tar: Buffer, at: number, field: string | Uint8Array): Buffer {
    const bytes = Buffer.from(tar);
    bytes.set(typeof field === 'string' ? Buffer.from(field, 'latin1') : field, at);
    bytes.fill(0x20, 148, 156);
    const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return bytes;
  }

  const SIZE = 124;
  const TYPE = 156;

  test.each<[string, Uint8Array]>([
    ['8 EiB less one byte', Uint8Array.of(0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['a negative size', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf0)],
    ['no number', Buffer.from('zzzzzzzzzzz\0')],
    ['8 GiB in octal', Buffer.from('77777777777\0')],
  ])('a header that says %s is refused with a code', async (_, size) => {
    for (const name of ['a.bin', 'other']) {
      expect(await read(edited(await tarOf([{ name }]), SIZE, size))).toMatch(/^E_DATA_(?:SIZE|ARCHIVE)$/);
    }
  });

  test.each(['1', '2', '3', '4', '5', '6', 'S', 'V', 'Z'])(
    'an entry of type %s is not taken for the file',
    async (type) => {
      expect(await read(edited(await tarOf([{ name: 'a.bin' }]), TYPE, type))).toMatch(/^E_DATA_/);
    },
  );

  test('a link is not followed, and what follows it is read', async () => {
    const link = { name: 'a.bin', type: 'symlink', linkname: '/etc/passwd' } as const;
    const hard = { name: 'x/a.bin', type: 'link', linkname: '../../../etc/passwd' } as const;
    expect(await read(await tarOf([link, hard, { name: '../../a.bin' }]))).toEqual(['a.bin']);
  });

  test.each(['x', 'g', 'L', 'K'])(
    'a name or a header of 19 MiB in an entry of type %s takes bounded memory',
    async (type) => {
      const size = 19 * MIB;
      const long = edited(
        edited(await tarOf([{ name: 'a.bin' }], Buffer.alloc(10)), TYPE, type),
        SIZE,
        `${size.toString(8).padStart(11, '0')}\0`,
      );
      expect(await read(Buffer.concat([long.subarray(0, 512), Buffer.alloc(size, 'a'), Buffer.alloc(1024)]))).toMatch(
        /^E_/,
      );
    },
  );

  test.each(['999999999999999999999', '-5', 'NaN', '1e30', ''])(
    'a PAX size of "%s" is refused with a code',
    async (size) => {
      const tar = await tarOf([{ name: 'a.bin', pax: { size } }]);
      expect(['E_DATA_SIZE', 'E_DATA_ARCHIVE', 'a.bin']).toContain(String(await read(tar)));
    },
  );

  test('a PAX path goes nowhere', async () => {
    expect(await read(await tarOf([{ name: 'x', pax: { path: '../../../../tmp/a.bin' } }]))).toEqual(['a.bin']);
    expect(await read(await tarOf([{ name: 'x', pax: { path: '__proto__' } }]))).toBe('E_DATA_ARCHIVE');
  });

  test('ten thousand empty entries are skipped', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => ({ name: `n${index}` }));
    expect(await read(await tarOf([...names, { name: 'a.bin' }], Buffer.alloc(0)))).toEqual(['a.bin']);
  });
});

describe('text files', () => {
  function cli(...args: string[]): string {
    const { status, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      encoding: 'utf8',
      cwd: folder,
      timeout: 120_000,
    });
    return `${status} ${stderr.slice(0, 600)}`;
  }

  test('three megabytes of empty objects end with one error, and not the process', { tags: 'slow' }, async () => {
    await writeFile(join(folder, 'summary.json'), `{"claims":[${'{},'.repeat(9e5)}{}],"cells":[]}`);
    expect(cli('report', 'summary.json')).toMatch(/^2 cnnbench: .*\[E_RECORD_INVALID\]/);
    await writeFile(join(folder, 'deep.json'), '['.repeat(1e6) + ']'.repeat(1e6));
    expect(cli('report', 'deep.json')).toMatch(/^2 cnnbench: .*\[E_RECORD_INVALID\]/);
    await writeFile(join(folder, 'dense.json'), `[${'[],'.repeat(3e6)}[]]`);
    expect(cli('report', 'dense.json')).toMatch(/^2 cnnbench: .*more than 2,000,000 values \[E_RECORD_INVALID\]/);
  });

  test.skipIf(process.platform === 'win32')(
    'pipes, devices and folders in the place of files have a code',
    { tags: 'slow' },
    async () => {
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      await mkdir(join(folder, 'run', 'records', 'x.json'), { recursive: true });
      await symlink('/dev/zero', join(folder, 'zero.json'));
      expect(cli('report', 'pipe')).toMatch(/^2 .*a pipe or a device.*\[E_RECORD_NOT_FOUND\]/s);
      expect(cli('compare', 'zero.json', 'pipe')).toMatch(/^2 .*\[E_RECORD_NOT_FOUND\]/s);
      expect(cli('verify', 'run')).toMatch(/^2 .*it is a folder \[E_RECORD_NOT_FOUND\]/s);
      expect(cli('gate', 'run', '--policy', 'zero.json')).toMatch(/^2 .*\[E_BAD_POLICY\]/s);
      expect(cli('params', '--model-json', 'pipe')).toMatch(/^2 .*\[E_MODEL_JSON\]/s);
      expect(cli('publish', 'run', '--into', 'pipe')).toMatch(/^2 .*\[E_USAGE\]/s);
    },
  );

  test('an error quotes no control characters and no megabytes of a file', { tags: 'slow' }, async () => {
    const evil = '\u001b]0;owned\u0007\u009b31m\u202e\n\rcnnbench: all is well';
    await writeFile(join(folder, 'a.json'), JSON.stringify({ [evil + 'x'.repeat(MIB)]: 1, outcome: 'crashed' }));
    await writeFile(join(folder, 'b.json'), `{"a": ${evil}`);
    for (const file of ['a.json', 'b.json']) {
      const said = cli('report', file);
      expect(said).toMatch(/^2 cnnbench: .*\[E_RECORD_INVALID\]\n {2}[^\n]+\n$/);
      expect(said).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    }
  });
});
