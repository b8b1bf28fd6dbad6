import InventoryCheck from './inventory/check.ts';
import InventoryList from './inventory/list.ts';
import InventoryMatch from './inventory/match.ts';
import InventoryShow from './inventory/show.ts';
import RulesCheck from './rules/check.ts';
import RulesImport from './rules/import.ts';
import RulesList from './rules/list.ts';
import RulesShow from './rules/show.ts';
import Scan from './scan.ts';

/** One thin command each; oclif finds them here under their names. Heavy rooms are imported inside `run()`. */
export const commands = {
  'inventory:check': InventoryCheck,
  'inventory:list': InventoryList,
  'inventory:match': InventoryMatch,
  'inventory:show': InventoryShow,
  'rules:check': RulesCheck,
  'rules:import': RulesImport,
  'rules:list': RulesList,
  'rules:show': RulesShow,
  scan: Scan,
};
