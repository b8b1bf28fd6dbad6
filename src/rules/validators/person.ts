import { validator } from './answer.ts';
import type { Validator } from './validator.ts';

/** Names that stand for anybody in forms, manuals and courts. */
const ANYBODY =
  /^(?:j(?:ohn|ane)(?: q\.?(?: public)?)?(?: (?:doe|smith|roe|public))?|doe|(?:max|erika|maria|otto)? ?mustermann|(?:max )?muster|joe bloggs|jean dupont|juan p(?:e|\xc3\xa9)rez|mario rossi|alice|bob|foo|bar|baz|lorem|ipsum)$/i;
/** Words that name a product, a service or a part of a system, and nobody. */
const THING =
  /\b(?:aws|amazon|azure|google|microsoft|apache|oracle|ibm|cisco|intel|linux|unix|windows|android|java|python|api|sdk|cli|http|https|tcp|udp|dns|sql|xml|json|html|pdf|cpu|gpu|usb|pci|cloud|services?|servers?|systems?|managers?|gateway|database|storage|engine|framework|library|module|plugin|driver|device|adapter|controller|interface|network|cluster|partition|console|firmware|software|hardware|application|component|resource|object|class|function|method|element|attribute|property|field|table|column|record|index|file|folder|directory|path|group|account|user|admin|administrator|default|test|unknown|version|type|value|string|integer|boolean|true|false)\b/i;
/** Numbers that plans keep free for stories: nobody answers them. */
const FICTIONAL: readonly RegExp[] = [
  // NANPA: line numbers 0100 to 0199 of 555 in every area; 1212 is directory assistance
  /^1?[2-9]\d\d555(?:01\d\d|1212)$/,
  // Ofcom: numbers for use in drama
  /^(?:44|0)?(?:2079460\d{3}|7700900\d{3}|1632960\d{3}|(?:113|114|115|116|117|118|121|131|141|151|161)4960\d{3}|2890180\d{3}|2920180\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3})$/,
  // ACMA: fictitious numbers
  /^(?:61|0)?(?:[2378](?:5550|7010)\d{4}|4915701(?:5[6-9]|10)\d|1800160401|1800975707|491570\d{3})$/,
];

/** What looks like a person's data and is nobody's. */
export const PERSON: readonly Validator[] = [
  validator(
    'person-name',
    'weak',
    'Names of products and parts of systems stand in fields for names, too; placeholder names of forms',
    (value) => (ANYBODY.test(value.replace(/['"]+$/, '')) ? 'test-value' : !THING.test(value)),
  ),
  validator(
    'fictional-phone',
    'weak',
    'NANPA 555 line numbers (ATIS-0300115); Ofcom: telephone numbers for drama use; ACMA: fictitious numbers',
    (value) => {
      const digits = value
        .replace(/^[^+(0-9]+/, '')
        .replace(/\D/g, '')
        .replace(/^440/, '44');
      return FICTIONAL.some((plan) => plan.test(digits)) ? 'test-value' : true;
    },
  ),
];
