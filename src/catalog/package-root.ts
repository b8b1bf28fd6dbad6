import { fileURLToPath } from 'node:url';

/** Directory of the installed package; `src/catalog` and `dist/catalog` both lie two below it. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
