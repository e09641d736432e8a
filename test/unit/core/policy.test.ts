import { expect, test } from 'vitest';
import { z } from 'zod';
import { configSchema } from '../../../src/core/policy.js';

test('schema/config-1.json is the schema that policies are validated by', async () => {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot('../../../schema/config-1.json');
});
