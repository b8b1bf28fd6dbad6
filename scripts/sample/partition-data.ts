import type { Rng } from './rng.ts';
import { isoTime, type ManagedSystem, type Partition, type Site } from './site.ts';

/** `key=value` records as the HMC commands print them: a value with commas makes the whole pair quoted. */
export function record(pairs: readonly (readonly [string, string | number])[]): string {
  return pairs.map(([key, value]) => (String(value).includes(',') ? `"${key}=${value}"` : `${key}=${value}`)).join(',');
}

const os = (rng: Rng, lpar: Partition): string =>
  lpar.env === 'os400'
    ? 'OS/400 Licensed Internal Code 7.3.0 450 0'
    : lpar.env === 'vioserver'
      ? 'VIOS 2.2.5.20'
      : rng.pick(['AIX 7.1 7100-04-04-1717', 'AIX 7.2 7200-01-02-1717', 'Linux/SuSE 3.0.101-0.47']);

export const lparRecord = (rng: Rng, system: ManagedSystem, lpar: Partition): string =>
  record([
    ['name', lpar.name],
    ['lpar_id', lpar.id],
    ['lpar_env', lpar.env],
    ['state', rng.pick(['Running', 'Running', 'Running', 'Not Activated'])],
    ['resource_config', 1],
    ['os_version', os(rng, lpar)],
    ['logical_serial_num', `${system.serial}${lpar.id.toString(36).toUpperCase()}`],
    ['default_profile', rng.pick(['normal', 'default_profile', lpar.name])],
    ['curr_profile', 'normal'],
    ['work_group_id', 'none'],
    ['shared_proc_pool_util_auth', 0],
    ['allow_perf_collection', 1],
    ['power_ctrl_lpar_ids', 'none'],
    ['boot_mode', 'norm'],
    ['lpar_keylock', 'norm'],
    ['auto_start', 1],
    ['redundant_err_path_reporting', 0],
    ['rmc_state', 'active'],
    ['rmc_ipaddr', lpar.address],
    ['time_ref', 0],
    ['lpar_avail_priority', lpar.env === 'vioserver' ? 191 : 127],
    ['desired_lpar_proc_compat_mode', 'default'],
    ['curr_lpar_proc_compat_mode', 'POWER8'],
    ['sync_curr_profile', 1],
    ['affinity_group_id', 'none'],
    ['vtpm_enabled', 0],
  ]);

export function sysEed(rng: Rng, site: Site): string[] {
  const out: string[] = [];
  for (const system of site.systems) {
    const machine = `${system.type}-${system.model}*${system.serial}`;
    const section = (command: string, body: readonly string[]): void => {
      out.push(`# ${command}`, ...(body.length > 0 ? body : ['No results were found.']), '');
    };
    section(
      `lssyscfg -r lpar -m ${machine}`,
      system.partitions.map((lpar) => lparRecord(rng, system, lpar)),
    );
    section(
      `lshwres -r proc -m ${machine} --level lpar`,
      system.partitions.map((lpar) =>
        record([
          ['lpar_name', lpar.name],
          ['lpar_id', lpar.id],
          ['curr_shared_proc_pool_id', 0],
          ['curr_proc_mode', 'shared'],
          ['curr_min_proc_units', '0.1'],
          ['curr_proc_units', lpar.units],
          ['curr_max_proc_units', '16.0'],
          ['curr_min_procs', 1],
          ['curr_procs', rng.between(1, 8)],
          ['curr_max_procs', 16],
          ['curr_sharing_mode', 'uncap'],
          ['curr_uncap_weight', 128],
          ['run_procs', rng.between(1, 8)],
        ]),
      ),
    );
    section(
      `lshwres -r mem -m ${machine} --level lpar`,
      system.partitions.map((lpar) =>
        record([
          ['lpar_name', lpar.name],
          ['lpar_id', lpar.id],
          ['curr_min_mem', 1024],
          ['curr_mem', lpar.memory],
          ['curr_max_mem', lpar.memory * 2],
          ['mem_mode', 'ded'],
          ['curr_hpt_ratio', '1:128'],
          ['run_mem', lpar.memory],
          ['desired_hpt_ratio', '1:128'],
        ]),
      ),
    );
    section(
      `lshwres -r io -m ${machine} --rsubtype slot`,
      Array.from({ length: 14 }, (_, slot) =>
        record([
          ['unit_phys_loc', `U78C9.001.WZS${rng.word(4, '0123456789')}`],
          ['bus_id', 512 + slot],
          ['phys_loc', `C${slot + 1}`],
          ['drc_index', `2101${rng.hex(4).toUpperCase()}`],
          ['lpar_name', slot < 6 ? rng.pick(system.partitions).name : 'null'],
          [
            'description',
            rng.pick([
              '8 Gigabit PCI Express Dual Port Fibre Channel Adapter',
              'PCIe2 4-Port 1GbE Adapter',
              'Empty slot',
              'RAID Controller',
            ]),
          ],
          ['feature_codes', rng.pick(['5735,5273', '5899', 'none'])],
          ['pci_vendor_id', '10DF'],
          ['pci_device_id', 'F100'],
          ['addl_vlan_ids', rng.chance(0.3) ? '10,20,110' : 'none'],
        ]),
      ),
    );
    section(`lsdump -m ${machine}`, [
      record([
        ['dump_type', 'sys'],
        ['dump_id', rng.digits(8)],
        ['size', rng.digits(9)],
      ]),
    ]);
    section(`lssyscfg -r sys -m ${machine}`, [
      record([
        ['name', system.name],
        ['type_model', `${system.type}-${system.model}`],
        ['serial_num', system.serial],
        ['ipaddr', system.address],
        ['state', 'Operating'],
        ['sys_time', isoTime(site.now)],
        ['power_off_policy', 1],
        ['active_lpar_mobility_capable', 1],
        [
          'capabilities',
          'active_lpar_mobility_capable,inactive_lpar_mobility_capable,cod_mem_capable,huge_page_mem_capable',
        ],
        ['service_lpar_id', 'none'],
        ['pend_power_on_side', 'temp'],
        ['hyp_mem_mode', 'default'],
      ]),
    ]);
    section(`lssyscfg -m ${machine} -r sysprof`, [
      record([
        ['name', 'allup'],
        ['lpar_names', system.partitions.map((lpar) => lpar.name).join(',')],
        ['profile_names', system.partitions.map(() => 'normal').join(',')],
      ]),
    ]);
    section(`lslic -m ${machine} -t syspower`, [
      record([
        ['lic_type', 'Managed System'],
        ['management_status', 'Enabled'],
        ['disabled_reason', ''],
        ['activated_level', rng.between(56, 180)],
        ['installed_level', rng.between(56, 180)],
        ['accepted_level', 56],
        ['ecnumber', '01SV860'],
        ['mtms', machine],
      ]),
    ]);
    section(`lssyscfg -r cage -e ${machine}`, []);
    section(`lssyscfg -r frame -e ${machine}`, []);
    section(`lsdump -e ${machine} -s a`, []);
    section(`lsdump -e ${machine} -s b`, []);
    section('lshsc -i -a >> managedSystems', [
      `${machine} ${system.address} ${system.name} V1.0 0 none CEC 0 ${system.partitions.length}`,
    ]);
  }
  return out;
}
