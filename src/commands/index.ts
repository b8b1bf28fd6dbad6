import EndpointsCheck from './endpoints/check.ts';
import EndpointsControls from './endpoints/controls.ts';
import EndpointsLifecycle from './endpoints/lifecycle.ts';
import EndpointsList from './endpoints/list.ts';
import InventoryCheck from './inventory/check.ts';
import InventoryEvents from './inventory/events.ts';
import InventoryInit from './inventory/init.ts';
import InventoryList from './inventory/list.ts';
import InventoryMatch from './inventory/match.ts';
import InventoryRetention from './inventory/retention.ts';
import InventoryShow from './inventory/show.ts';

/** One thin command each; oclif finds them here under their names. Heavy rooms are imported inside `run()`. */
export const commands = {
  'endpoints:check': EndpointsCheck,
  'endpoints:controls': EndpointsControls,
  'endpoints:lifecycle': EndpointsLifecycle,
  'endpoints:list': EndpointsList,
  'inventory:check': InventoryCheck,
  'inventory:events': InventoryEvents,
  'inventory:init': InventoryInit,
  'inventory:list': InventoryList,
  'inventory:match': InventoryMatch,
  'inventory:retention': InventoryRetention,
  'inventory:show': InventoryShow,
};
