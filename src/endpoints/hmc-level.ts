/** The level of a console, from `lshmc -V` (also at the head of hmc.eed): version, release, service pack, build. */
export function readHmcLevel(text: string): string | undefined {
  const version = /\bVersion:\s*(\S+)/.exec(text)?.[1];
  const release = /\bRelease:\s*(\S+)/.exec(text)?.[1];
  if (version === undefined || release === undefined) return undefined;
  const pack = /\bService Pack:\s*(\S+)/.exec(text)?.[1];
  const build = /\bHMC Build level\s+(\S+)/.exec(text)?.[1];
  return `V${version}R${release}${pack === undefined ? '' : ` SP${pack}`}${build === undefined ? '' : ` build ${build}`}`;
}
