import { expect, test } from 'vitest';
import { cnnbench } from './cnnbench.js';

/** Commands whose argument may be left out, and one whose argument is required. */
test.each([['run', '--profile', 'smoke', '--dry-run', '-b', 'fake'], ['list'], ['params'], ['gate']])(
  'what stands on stdin is no argument: %s',
  async (...args) => {
    const alone = await cnnbench(args);
    const piped = await cnnbench(args, { input: 'mlp-1\n' });
    expect(piped).toEqual(alone);
  },
);

test('a model.json is read from stdin where - asks for it', async () => {
  const config = { layers: [{ class_name: 'Dense', config: { units: 3, batch_input_shape: [null, 8] } }] };
  const input = JSON.stringify({ class_name: 'Sequential', config });
  const { code, stdout } = await cnnbench(['params', '--model-json', '-', '--format', 'csv'], { input });
  expect(code).toBe(0);
  expect(stdout).toContain('Dense-1,Dense,,,8,3,24,3,27,0,24,3,12');
});

test.each(['--dry-run=true', '--dry-run=false', '--no-stand-in=1', '--json='])(
  '%s is no flag and no experiment',
  async (flag) => {
    const { code, stderr } = await cnnbench(['run', 'mlp-1', flag]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--[\w-]+ takes no value, but was given "(true|false|1|)" \[E_USAGE\]/);
  },
);
