import { Chance } from './random.ts';

/**
 * Text that machines write about themselves, full of numbers that look like everything: clocks of all resolutions,
 * counters, identifiers, addresses, dumps. About nobody, so whatever personal or secret is found in it is an error.
 */
const LINES: readonly string[] = [
  '<d10>.<d6> hmclogd[<n5>]: session 4<d15> closed after <n6> ms, seq <n16>',
  'trace <d19> thread <n5> id <n16> state <n2> bytes <n13> offset <n12>',
  'eth<n1>: rx_packets:<n12> rx_bytes:<n15> tx_packets:<n13> tx_bytes:<n16> errors:<n3>',
  '     rx_octets: <n16>',
  'rx_ucast_packets <n13>',
  '<n16>',
  '<n8> <n8> <n8> <n8> <n16> <n4> <n4> <n4> <n4>',
  '{"ts":<d13>,"id":"<n16>","seq":<n18>,"count":<n12>,"value":<n9>.<d6>}',
  '{"traceId":"<h32>","spanId":"<h16>","parentId":"<h16>","durationNs":<n12>}',
  '<d4>-<d2>-<d2>T<d2>:<d2>:<d2>.<d9>Z kernel: [<n6>.<d6>] page <h16> flags <h8> count <n3> pfn <n9>',
  '0x<h8>: <h4> <h4> <h4> <h4> <h4> <h4> <h4> <h4>  ................',
  '<h8>  <h2> <h2> <h2> <h2> <h2> <h2> <h2> <h2>  <h2> <h2> <h2> <h2> <h2> <h2> <h2> <h2>',
  '<d4> <d4> <d4> <d4>',
  '<d4> <d4> <d4> <d4> <d4> <d4> <d4> <d4>',
  '<d3>-<d2>-<d4> <d3>-<d3>-<d4>',
  '0x<H16> <H8>-<H4>-<H4>-<H4>-<H12> B<H7> <H8>',
  'uuid <h8>-<h4>-<h4>-<h4>-<h12> part <d2>P<d4> serial 10<H5> ccin <H4> fru <K7> loc U<d4>.<d3>.<K7>-P1-C<n1>',
  'name=lpar<n2>,lpar_id=<n2>,lpar_env=aixlinux,state=Running,resource_config=1,os_version=AIX 7.2 7200-0<d1>-0<d1>-<d4>,logical_serial_num=<K7><d1>',
  'name=Server-9117-MMA-SN<K7>,type_model=9117-MMA,serial_num=<K7>,ipaddr_secondary=0.0.0.0,capabilities="active_lpar_mobility_capable,inactive"',
  'time=1<d9>,event_type=sample,cycles=<n16>,time_cycles=<n17>,uncapped=<n15>,entitled_cycles=<n16>,idle=<n14>',
  'IDENTIFIER TIMESTAMP  T C RESOURCE_NAME  DESCRIPTION',
  '<H8>   <d10> P H hdisk<n2>        DISK OPERATION ERROR',
  'Sequence Number: <n7>   Machine Id: 00<H6>4C00   Node Id: node<n2>',
  'Sense data <H4> <H4> <H4> <H4> <H4> <H4> <H4> <H4> <H4> <H4>',
  'SRC: B<H7> word1 <H8> word2 <H8> word3 <H8> word4 <H8>',
  'hdisk<n2>  <n2>.<d1>  <n5>.<d1>  <n4>.<d1>  <n10>  <n11>',
  'tcp4  0  <n5>  *.<n4>  *.*  LISTEN  f<h15> <n12> <n10>',
  '<d2>:<d2>:<d2>  all  <n2>.<d2>  <n2>.<d2>  <n2>.<d2>  <n2>.<d2>  <n9>  <n8>  <n12>',
  'inode=<n12> dev=<n8>,<n3> size=<n13> mtime=<d19> ctime=<d10>.<d9>',
  'wwpn c0507<h11> naa.6<h31> 50:05:07:<h2>:<h2>:<h2>:<h2>:<h2> lun <H16>',
  'md5 <h32> sha1 <h40> sha256 <h64>',
  '<h40> refs/heads/main <h40>',
  'package-<n1>.<n2>.<n2>-<n1>.<n3>.el8.<d8>git<h7>.ppc64le id <n9> hash sha256:<h64>',
  'firmware FW<d3>.<d2> (<n3>) level <d2>EL<d3>_<d3> build <d10> crc <h8> checksum 0x<H8>',
  'com.ibm.hwmca.fw.rep.<u6>@<h8> handle=<n10> ref=<n15> len=<n8> ptr=0x<h12>',
  'at java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:<d4>) [tid <n6> nid 0x<h5>]',
  'GET /rest/api/uom/ManagedSystem/<h8>-<h4>-<h4>-<h4>-<h12> 200 <n7> <n5>us req=<n16>',
  'msgid=<d4>-<d4>-<d4>-<d4> code=<d4>-<d3> rc=<d1> ticket <d3>-<d7>-<d1> job <d6>-<d4>',
  'stack: 0000000<h9> 0000000<h9> 0000000<h9> 0000000<h9> LR <H16> CR <H8>',
  'cache hits <n9>, misses <n8>, lookups <n10>; pool <n12> of <n12> bytes (<n2>%) free; phone home queue <n2>',
  'account records <n9>, id <n9>, tax tables <n6>, national character set <n5>, passport module <n8>',
  'Call home test id <n9> case <d5>,<d3>,<d3> PMR TS<d9>',
  'lba <n12> blocks <n6> tag <n5> timeout <n5> status <h2> key <n1> asc <h2> ascq <h2> retries <n1>',
  'cpu<n2>: user <n11> nice <n6> sys <n10> idle <n12> iowait <n9> irq <n8> guest 0 freq <n10>',
  'total_bytes_written <n16>, wear <n2>, power_on_hours <n5>, serial <K14>',
  '<n16>,<n16>,<n13>,<n12>,<n15>,<n14>',
  '<d13>;<n12>;<n16>;<h16>;OK',
  'transaction <h8>:<n16>, commit scn <n14>, redo <n10>, txid <n9>-<n5>-<n6>',
  'gc(<n4>): pause <n3>.<d3>ms, heap <n10>->, live <n11>, promoted <n12>',
  'ssh: kex curve25519, host key SHA256:<b43>, session id <h40>',
  '.rodata:<H8> 00000000 <h8> <h8> GLIBC_2.<d2> __cxa_finalize _ITM_deregisterTMCloneTable <w24>',
  '<b76>',
  'version <n2>.<n2>.<n3>.<n4> build <n9> rev <h12> license <d4>-<d4>-<d4>-<d4> product <K5>-<K5>-<K5>',
];

/** Lines of the above, filled by chance: same seed, same text. */
export function machineText(seed: number, bytes: number): Buffer {
  const chance = new Chance(seed);
  const parts: string[] = [];
  for (let size = 0; size < bytes; ) {
    // `<n16>`: a number of up to 16 digits that does not begin with 0.
    const line = chance
      .pick(LINES)
      .replace(/<n(\d+)>/g, (_, digits: string) => `${1 + chance.below(9)}${chance.draw('d', Number(digits) - 1)}`);
    const text = `${chance.fill(line)}\n`;
    parts.push(text);
    size += text.length;
  }
  return Buffer.from(parts.join(''));
}
