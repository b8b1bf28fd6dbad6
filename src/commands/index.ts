import Approve from './approve.ts';
import Export from './export.ts';
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
import Reproduce from './reproduce.ts';
import Revoke from './revoke.ts';
import Submit from './submit.ts';
import Verify from './verify.ts';

/** One thin command each; oclif finds them here under their names. Heavy rooms are imported inside `run()`. */
export const commands = {
  approve: Approve,
  export: Export,
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
  reproduce: Reproduce,
  revoke: Revoke,
  submit: Submit,
  verify: Verify,
};
