/** A rectangle in points from the top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Squarified treemap (Bruls, Huizing, van Wijk 2000): rows along the shorter side, each grown while its worst aspect
 * ratio improves. `weights` are positive and in descending order; boxes come back in the same order.
 */
export function squarify(weights: readonly number[], box: Box): Box[] {
  const boxes: Box[] = [];
  let { x, y, width, height } = box;
  let rest = weights.reduce((sum, weight) => sum + weight, 0);
  for (let at = 0; at < weights.length; ) {
    const side = Math.min(width, height);
    const scale = (width * height) / rest;
    let row: number[] = [];
    let worst = Number.POSITIVE_INFINITY;
    for (let next = at; next < weights.length; next += 1) {
      const grown = [...row, (weights[next] as number) * scale];
      const aspect = worstAspect(grown, side);
      if (aspect > worst) break;
      row = grown;
      worst = aspect;
    }
    const area = row.reduce((sum, part) => sum + part, 0);
    const thick = side === 0 ? 0 : area / side;
    let along = 0;
    for (const part of row) {
      const long = thick === 0 ? 0 : part / thick;
      boxes.push(
        width >= height
          ? { x, y: y + along, width: thick, height: long }
          : { x: x + along, y, width: long, height: thick },
      );
      along += long;
    }
    if (width >= height) {
      x += thick;
      width -= thick;
    } else {
      y += thick;
      height -= thick;
    }
    for (let used = 0; used < row.length; used += 1) rest -= weights[at + used] as number;
    at += row.length;
  }
  return boxes;
}

function worstAspect(row: readonly number[], side: number): number {
  const area = row.reduce((sum, part) => sum + part, 0);
  const thick = area / side;
  return Math.max(...row.map((part) => Math.max(thick / (part / thick), part / thick / thick)));
}
