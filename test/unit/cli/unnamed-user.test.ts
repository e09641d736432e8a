import { expect, test } from 'vitest';
import { nameUser } from '../../../src/cli/unnamed-user.js';

const unknown = () => {
  throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT (no such file or directory)');
};
const known = () => 'something';

test('a user that the system does not know gets a shell and a home', () => {
  const env = {};
  nameUser(env, { shell: unknown, home: unknown });
  expect(env).toEqual({ SHELL: '/bin/sh', HOME: '/' });
});

test('what the environment says stays, and nothing is said of a user that is known', () => {
  const env = { HOME: '/home/me' };
  nameUser(env, { shell: known, home: unknown });
  expect(env).toEqual({ HOME: '/home/me' });
  const empty = {};
  nameUser(empty, { shell: known, home: known });
  expect(empty).toEqual({});
});
