import InventoryCheck from './inventory/check.ts';
import InventoryList from './inventory/list.ts';
import InventoryMatch from './inventory/match.ts';
import InventoryShow from './inventory/show.ts';
import Report from './report.ts';

/** One thin command each; oclif finds them here under their names. Heavy rooms are imported inside `run()`. */
export const commands = {
  'inventory:check': InventoryCheck,
  'inventory:list': InventoryList,
  'inventory:match': InventoryMatch,
  'inventory:show': InventoryShow,
  report: Report,
};
