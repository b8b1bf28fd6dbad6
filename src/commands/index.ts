import CryptoJudge from './crypto/judge.ts';
import CryptoList from './crypto/list.ts';
import CryptoShow from './crypto/show.ts';
import TlsScan from './tls/scan.ts';

/** One thin command each; oclif finds them here under their names. Heavy rooms are imported inside `run()`. */
export const commands = {
  'crypto:judge': CryptoJudge,
  'crypto:list': CryptoList,
  'crypto:show': CryptoShow,
  'tls:scan': TlsScan,
};
