import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/fast-check-seed.ts'],
    // Most tests wait for processes that they start: one worker a processor, not one less.
    maxWorkers: '100%',
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What tests run in processes of their own (commands, the restricted child) does not count here. Kernels are
    // AssemblyScript: their tests run the .wasm made of them.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/kernel/**'],
      reporter: ['text-summary', 'html'],
      reportOnFailure: true,
    },
  },
});
