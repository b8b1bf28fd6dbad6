import Audit from './audit.ts';
import CryptoJudge from './crypto/judge.ts';
import CryptoList from './crypto/list.ts';
import CryptoShow from './crypto/show.ts';
import EndpointsCheck from './endpoints/check.ts';
import EndpointsLifecycle from './endpoints/lifecycle.ts';
import EndpointsList from './endpoints/list.ts';
import Inspect from './inspect.ts';
import InventoryCheck from './inventory/check.ts';
import InventoryInit from './inventory/init.ts';
import InventoryList from './inventory/list.ts';
import InventoryMatch from './inventory/match.ts';
import InventoryShow from './inventory/show.ts';
import Report from './report.ts';
import RulesCheck from './rules/check.ts';
import RulesImport from './rules/import.ts';
import RulesList from './rules/list.ts';
import RulesShow from './rules/show.ts';
import Scan from './scan.ts';
import TlsScan from './tls/scan.ts';

/** One thin command each; oclif finds them here under their names. Heavy rooms are imported inside `run()`. */
export const commands = {
  audit: Audit,
  'crypto:judge': CryptoJudge,
  'crypto:list': CryptoList,
  'crypto:show': CryptoShow,
  'endpoints:check': EndpointsCheck,
  'endpoints:lifecycle': EndpointsLifecycle,
  'endpoints:list': EndpointsList,
  inspect: Inspect,
  'inventory:check': InventoryCheck,
  'inventory:init': InventoryInit,
  'inventory:list': InventoryList,
  'inventory:match': InventoryMatch,
  'inventory:show': InventoryShow,
  report: Report,
  'rules:check': RulesCheck,
  'rules:import': RulesImport,
  'rules:list': RulesList,
  'rules:show': RulesShow,
  scan: Scan,
  'tls:scan': TlsScan,
};
