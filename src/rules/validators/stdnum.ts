import { createRequire } from 'node:module';
import type { Validator as StdnumModule } from 'stdnum';
import { validator } from './answer.ts';
import type { Validator } from './validator.ts';

/** Country and number of the modules of stdnum 1.12 that a rule may name. */
const SCHEMES: ReadonlySet<string> = new Set(
  `ad.nrt ai.tin al.nipt ao.bi ao.nif ar.cbu ar.cuit ar.dni at.businessid at.tin at.uid at.vnr au.abn au.acn
  au.tfn az.pin az.tin ba.jmbg be.bis be.insz be.nn be.vat bg.egn bg.pnf bg.vat bo.ci
  br.cnpj br.cpf by.unp bz.tin ca.bc_bhn ca.bn ca.gst ca.pst ca.qst ca.sin ch.ssn ch.uid ch.vat cl.run cl.rut
  cn.ric cn.uscc co.nit cr.cpf cr.cpj cr.cr cu.ni cy.vat cz.dic cz.ico cz.rc de.idnr de.passport de.pwnr de.stnr
  de.svnr de.vat dk.cpr dk.cvr do.cedula do.ncf do.rnc dz.nif ec.ci ec.ruc ee.ik ee.kmkr ee.registrikood eg.tn
  es.cif es.dni es.nie es.nif es.nss fi.alv fi.hetu fi.ytunnus fo.vn fr.nif fr.nir fr.siren fr.siret fr.tva
  gb.nino gb.utr gb.vat gh.tin gn.nifp gr.amka gr.vat gt.cui gt.nit hk.hkid hr.oib hu.anum id.npwp ie.pps ie.vat
  il.hp il.idnr in.aadhaar in.epic in.gstin in.pan in.vid is.kennitala is.vsk it.aic it.codicefiscale it.iva
  jp.cn ke.pin kr.brn kr.rrn li.peid lk.nic lt.asmens lt.pvm lu.tva lv.pvn ma.ice ma.ice9 mc.tva md.idno me.jmbg
  me.pib mk.edb mk.jmbg mt.vat mu.nid mx.banks mx.clabe mx.curp mx.rfc my.nric mz.bi mz.nuit nl.bsn nl.btw
  nl.onderwijsnummer no.fodselsnummer no.kontonr no.mva no.orgnr nz.bank nz.ird pe.ce pe.cui pe.ruc pk.cnic
  pk.ntn pl.nip pl.pesel pl.regon pt.cc pt.nif pt.nipc py.cedula py.ruc ro.cif ro.cnp ro.cui ro.onrc rs.jmbg
  rs.pib ru.inn se.orgnr se.personnummer se.vat sg.uen si.ddv si.emso si.jmbg sk.dph sk.rc sm.coe sv.nit th.idnr
  th.moa th.tin tn.mf tr.tckimlik tr.vkn tw.ban tw.natid tw.tax_code tw.ubn tw.ui ua.edrpou ua.rntrc us.ein
  us.ssn uy.cedula uy.nie uy.rut ve.rif vn.mst za.idnr za.tin za.vat`.split(/\s+/),
);

const require = createRequire(import.meta.url);
const loaded = new Map<string, StdnumModule>();

/** One module at a time: the library as a whole takes a quarter of a second to load. */
function load(scheme: string): StdnumModule {
  let module = loaded.get(scheme);
  if (module === undefined) {
    module = require(`stdnum/lib/cjs/${scheme.replace('.', '/')}.js`) as StdnumModule;
    loaded.set(scheme, module);
  }
  return module;
}

/** Identity, tax, health and company numbers of 90 countries, by the library stdnum; zeros alone are nobody's number. */
export const STDNUM: Validator = validator(
  'stdnum',
  'weak',
  'npm stdnum 1.12 (each module cites the issuing authority)',
  (value, args) => {
    const scheme = `${args['country']}.${args['id']}`;
    const bare = value.replace(/[^A-Za-z0-9]/g, '');
    if (!SCHEMES.has(scheme) || bare.length < 4 || /^(.)\1*$/.test(bare)) return false;
    try {
      const module = load(scheme);
      // several modules do not know the dots and spaces that their own authority prints
      return module.validate(value.trim()).isValid || module.validate(value.replace(/[\s.]/g, '')).isValid;
    } catch {
      // some modules throw on characters they do not know
      return false;
    }
  },
  { country: { type: 'string', pattern: '^[a-z]{2}$' }, id: { type: 'string', pattern: '^[a-z0-9]+$' } },
);
