import Approve from './approve.ts';
import Audit from './audit.ts';
import Completion from './completion.ts';
import CryptoJudge from './crypto/judge.ts';
import CryptoList from './crypto/list.ts';
import CryptoShow from './crypto/show.ts';
import Doctor from './doctor.ts';
import EndpointsCheck from './endpoints/check.ts';
import EndpointsControls from './endpoints/controls.ts';
import EndpointsLifecycle from './endpoints/lifecycle.ts';
import EndpointsList from './endpoints/list.ts';
import Export from './export.ts';
import Inspect from './inspect.ts';
import InventoryCheck from './inventory/check.ts';
import InventoryEvents from './inventory/events.ts';
import InventoryInit from './inventory/init.ts';
import InventoryList from './inventory/list.ts';
import InventoryMatch from './inventory/match.ts';
import InventoryRetention from './inventory/retention.ts';
import InventoryShow from './inventory/show.ts';
import KeyGenerate from './key/generate.ts';
import KeyRotate from './key/rotate.ts';
import KeyShow from './key/show.ts';
import KeyTrust from './key/trust.ts';
import LedgerCheckpoint from './ledger/checkpoint.ts';
import LedgerInit from './ledger/init.ts';
import LedgerProve from './ledger/prove.ts';
import LedgerShow from './ledger/show.ts';
import LedgerVerify from './ledger/verify.ts';
import Reject from './reject.ts';
import Release from './release.ts';
import Report from './report.ts';
import Reproduce from './reproduce.ts';
import Revoke from './revoke.ts';
import RulesCheck from './rules/check.ts';
import RulesImport from './rules/import.ts';
import RulesList from './rules/list.ts';
import RulesShow from './rules/show.ts';
import Scan from './scan.ts';
import Submit from './submit.ts';
import TlsScan from './tls/scan.ts';
import Verify from './verify.ts';
import Waive from './waive.ts';
import Watch from './watch.ts';

/** One thin command each; oclif finds them here under their names. Heavy rooms are imported inside `run()`. */
export const commands = {
  approve: Approve,
  audit: Audit,
  completion: Completion,
  'crypto:judge': CryptoJudge,
  'crypto:list': CryptoList,
  'crypto:show': CryptoShow,
  doctor: Doctor,
  'endpoints:check': EndpointsCheck,
  'endpoints:controls': EndpointsControls,
  'endpoints:lifecycle': EndpointsLifecycle,
  'endpoints:list': EndpointsList,
  export: Export,
  inspect: Inspect,
  'inventory:check': InventoryCheck,
  'inventory:events': InventoryEvents,
  'inventory:init': InventoryInit,
  'inventory:list': InventoryList,
  'inventory:match': InventoryMatch,
  'inventory:retention': InventoryRetention,
  'inventory:show': InventoryShow,
  'key:generate': KeyGenerate,
  'key:rotate': KeyRotate,
  'key:show': KeyShow,
  'key:trust': KeyTrust,
  'ledger:checkpoint': LedgerCheckpoint,
  'ledger:init': LedgerInit,
  'ledger:prove': LedgerProve,
  'ledger:show': LedgerShow,
  'ledger:verify': LedgerVerify,
  reject: Reject,
  release: Release,
  report: Report,
  reproduce: Reproduce,
  revoke: Revoke,
  'rules:check': RulesCheck,
  'rules:import': RulesImport,
  'rules:list': RulesList,
  'rules:show': RulesShow,
  scan: Scan,
  submit: Submit,
  'tls:scan': TlsScan,
  verify: Verify,
  waive: Waive,
  watch: Watch,
};
