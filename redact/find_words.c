/* The tables of ordinary words that tell a name from something else. Lower case, without accents. */
#include "redact/find_vocabulary.h"

#include <string.h>

struct word_row {
    uint32_t traits;
    const char *words;
};

static const struct word_row word_rows[] = {
    {WORD_COMMON, "a about above accommodation across action active address addressed admitted adult adults "
                  "advice after afternoon again against age "
                  "agency ago agreed agreement all allegation allocated allowed along alone already also "
                  "although always am among an and "
                  "another answer any anyone anything appointment april are area arrangements arrived as ask "
                  "asked assessment at attendance attended "
                  "august available away baby back bag be because bed been before began behaviour being "
                  "believe below best better between big "
                  "birth bit black blue board body born both boy breach bring british brother brought "
                  "building bus but by call called caller calm came can "
                  "cannot care careful carer carers case cause cell centre certain chair change changes "
                  "child children childrens christmas circumstances "
                  "class clear close closed club coat cold come coming comment comments community complete "
                  "completed concern concerns condition conditions "
                  "conference confidential consent contact contacts core could council county couple court "
                  "cover covered current currently custody dad daily "
                  "damage dark date dates daughter day days dear december decided decision decisions detail "
                  "details did different difficult direct discussed "
                  "discussion distress do doctor document does doing done door down draft due during duty "
                  "each earlier early easter education eight either else email "
                  "emergency emotional end english enough ensure entry even evening event ever every "
                  "everyone everything evidence exam exams fair "
                  "family far father february feel feels felt female few file final find fine first five "
                  "following food for form former forward found four free "
                  "friday friend friends from front full further game garden gave general get girl give "
                  "given go goes going gone good got great green ground "
                  "group guidance had half hall hand handed happen happened happy hard has have he head "
                  "headteacher health hear heard held help her here hers "
                  "herself hi hello high him himself his history hold holiday home hospital hour hours house "
                  "household housing how however i if ill immediate "
                  "important in incident including increased independent information initial injury inside "
                  "instead interim into involved is issue "
                  "issues it item items its itself january job july june just keep kept key kind kitchen "
                  "knew know known ladies language last late later law "
                  "lead leave leaving left legal less let letter level life like likely line list little "
                  "live lived lives living local log long look looked looking lot love loved "
                  "lunch made main make makes male man manager many march mark married may maybe me mean "
                  "means medical meet meeting member members men message met "
                  "might mind minutes monday money month months more morning most mother mothers move moved "
                  "much mum must my name named near "
                  "need needed needs neither never new next nice night nine no nobody none nor not note "
                  "noted notes nothing notice november now number "
                  "october of off offered office officer often old older on once one only open opened or "
                  "order other others our out outcome outside over own "
                  "page paid paper parent parents part parts past people per period person phone photograph "
                  "photographs place placed placement places plan plans play "
                  "played please pm am point police positive possible post prepared present previous primary "
                  "private problem problems professional programme "
                  "progress protection provided public put question questions quickly quite rang read ready "
                  "really reason reasons received recent recently record recorded "
                  "records red referral referred refused regards regular relationship remain remains report "
                  "reported reports request require required residence response "
                  "rest result return returned review right ring risk risks road role room round said same "
                  "saturday saw say saying says school schools second "
                  "secondary section see seem seemed seems seen send senior sent september service services "
                  "session set seven several sex share shared she "
                  "shop short should show showed shown side sign signed since single sister sit six sleep "
                  "small smoke so social some someone something sometimes "
                  "son soon sorry sort speak spent spoke staff stage start started statement stay stayed "
                  "step still stop stopped story strategy street strong student "
                  "subject such sun sunday support sure table take taken taking talk talked tea teacher team "
                  "tel telephone tell ten term than thank thanks that the their "
                  "them themselves then there these they thing things think third this those though thought "
                  "three through thursday time times title to today together "
                  "told tomorrow tonight too took total toward town training transport tried true try trying "
                  "tuesday turn two type unable under "
                  "unit until up update upset us use used usual usually various very via view views visit "
                  "visited visiting visits voice wait walk want wanted wants warm was washed water way we "
                  "wednesday week weekend weeks well went were what when where whether which while white who "
                  "whole why will wish wishes with within without woman "
                  "word words work worked worker working works worried worry would write written wrong year "
                  "years yes yesterday yet you young your yours "
                  "yourself anonymous appropriate actions aged agenda allegations analysis annual applicant "
                  "apologies author background bruise bruises capacity categories category "
                  "chronology circle classroom closing conduct connect contents context copy correspondence "
                  "council's counsel criminal dispute distribution domestic "
                  "draft duties dispatch drug drugs edge engagement enquiries enquiry environment ethnicity "
                  "evaluation exclusion factors faithfully feelings finance fire foster founded "
                  "guardian harm headline hearing honour identity impact instructions interpreter judgment "
                  "kin legislation lessons levels local looks "
                  "male medication minute missing narrative neglect nursery nurse observation observations "
                  "offence ofsted parental parenting partner passed pathway "
                  "permanence physical planning practice preparation present print private proceedings "
                  "process protective provision purpose quality recommendations "
                  "reference register regulation relating relevant religion respect respondent safeguarding "
                  "safety schedule sensitive services session sexual signs "
                  "significant sincerely skills solicitor solicitors specialist standards statutory status "
                  "step strengths strictly summary supervision supervised supervisor "
                  "system threshold timescale timetable transfer truth truly unknown urgent venue verified "
                  "version voices volunteer vulnerability whose witness yours youth "
                  "mr mrs ms miss dr sw gp hv la lac cin cp ehcp eho send sen senco iro lado mash camhs nhs "
                  "dob upn id lcs ref pep pc dc ds nfa tbc "
                  "re surname forename forenames initials middle printed mon tue tues wed thu thur thurs fri "
                  "sat sun nfa asap fyi page pages print ref refs edd "
                  "yp ym fp uk eu us un tv hr it pe dt ict tb gcse sats phd ba ma bsc mp vat pin atm ok rsvp cv cd dvd usa bbc itv gb llp plc ltd "
                  "kitten sofa sock bread park lane side ring bath bank field hill wood marsh"},
    {WORD_COMMON | WORD_AFTER_NAME,
     "was is has had said says told asked asks went came did does were felt looked seemed wants wanted "
     "reported attended presented stayed agreed explained "
     "showed became needs appeared likes liked loves loved lives lived got gets met moved started spoke rang "
     "phoned wrote brought took gave made "
     "cried laughed smiled ran sat stood slept ate drew played helped knows thinks thought feels tells "
     "remains continues engaged arrived left "
     "denied accepted admitted declined described disclosed advised confirmed stated mentioned refused "
     "returned turned called "
     "who whose does doesnt didnt isnt wasnt hasnt hadnt"},
    {WORD_NAME, "may will grace mark hope rose summer young brown park joy faith autumn amber sky dawn ivy "
                "robin iris frank rich bill grant chase miles drew "
                "art chance hunter pat reed read white black green gray grey king bishop cook baker carter "
                "potter smith taylor mason turner walker ward wood woods "
                "hill field fields marsh banks bank lane day knight page parker price rice sharp short small "
                "long little love low major marshall pope church west "
                "north east bush berry bird finch fox wolf lamb drake swift heath holly ruby daisy lily "
                "poppy violet olive pearl crystal sandy penny sunny jade april june august "
                "jordan melody harmony destiny charity patience precious comfort blessing prudence gene guy "
                "jack jay jean rob sue ray nick pip dale dean earl max dot ali "
                "gloria divine joel bishop barker butler dyer miller mills moon noble winter winters frost "
                "hall hart heard wells waters ford brook brooks cross best good law "
                "lord new nice post power sale sales savage stone strong tree wise cash case case may star "
                "stars storm sterling skye sage rowan river rivers"},
    {WORD_STREET, "street st road rd avenue ave close cl drive lane way court crescent cres place terrace "
                  "terr grove gardens gate bank fold hill row walk mews "
                  "square view rise park green parade croft drift brow fields meadow meadows wharf mount "
                  "vale bridge quay yard broadway circus"},
    {WORD_HOUSE,
     "house cottage farm barn lodge villa villas bungalow hall court mill flats apartments manor"},
    {WORD_PLACE, "school academy college nursery hospital infirmary surgery practice clinic council court "
                 "centre center constabulary llp ltd limited solicitors "
                 "trust foundation department unit hall house library church mosque station university "
                 "hostel service services association society group "
                 "authority office offices chambers police primary junior infant infants high ward pharmacy "
                 "partnership borough county committee"},
    {WORD_PLACE | WORD_COMMON, "headquarters bureau agency"},
    {WORD_TITLE | WORD_MALE | WORD_COMMON, "mr mister master sir"},
    {WORD_TITLE | WORD_FEMALE | WORD_COMMON, "mrs ms miss lady madam"},
    {WORD_TITLE | WORD_COMMON, "mx pani pan doamna domnul"},
    {WORD_TITLE | WORD_TITLE_WORK | WORD_COMMON,
     "dr doctor prof professor pc wpc dc ds di dci dcs dsu sgt sergeant insp inspector "
     "constable pcso ps judge hhj coach counsel nurse dj justice recorder "
     "magistrate nurse matron midwife sw detective superintendent supt"},
    {WORD_TITLE | WORD_CLERGY | WORD_COMMON, "rev revd reverend cllr councillor imam rabbi canon pastor"},
    {WORD_TITLE | WORD_TITLE_KIN | WORD_COMMON,
     "auntie aunty aunt uncle nana nan nanna granny grandma grandad granddad grandpa gran"},
    {WORD_WORK, "teacher headteacher head worker nurse visitor officer solicitor doctor gp paediatrician "
                "pediatrician manager guardian iro midwife counsel psychologist "
                "psychiatrist therapist consultant barrister judge magistrate recorder clerk practitioner "
                "interpreter senco dsl mentor tutor registrar sergeant "
                "inspector constable counsellor advocate author supervisor secretary administrator "
                "receptionist principal chair chairperson usher "
                "sw hv surgeon dentist optician physiotherapist pharmacist investigator analyst director "
                "commissioner lado ta keyworker "
                "supervising caseworker assessor assistant recordist submitted completed recorded prepared "
                "endorsed countersigned authorised cc seconded coordinator co-ordinator observer locum matron paramedic yjs edt iro tm dsl hv cover registrar "
                "headmaster headmistress tutor coach minister sgt adviser advisor cameo reception supervises supervise chairs duty fsw ssw cpn cmht colleague jp"},
    {WORD_KIN, "mother father mum dad mums dads mummy daddy parent parents partner boyfriend girlfriend "
               "husband wife ex brother sister sibling siblings son daughter aunt aunty "
               "auntie uncle cousin nan nana gran grandmother grandfather grandma grandad mgm mgf pgm pgf "
               "neighbour neighbours friend friends mate lodger occupant "
               "lad lass stepfather stepmother stepdad stepmum niece nephew resident landlord carer carers "
               "pupil child person"},
    {WORD_CALLED, "called named name known neighbour witness referrer caller informant complainant"},
    {WORD_MONTH, "january february march april may june july august september october november december jan "
                 "feb mar apr jun jul aug sep sept oct nov dec"},
    {WORD_FLAT, "flat apartment apt unit room caravan plot"},
    {WORD_BIRTH, "dob born birth doh d0b birthday d.o.b"},
};

/* Each line: names that one person may go by. */
static const char *const nickname_rows[] = {
    "joanne jo joanna joan",
    "thomas tom tommy",
    "katherine catherine kathryn kate katie kath kathy cath cathy kat",
    "william will bill billy liam",
    "robert rob bob bobby robbie",
    "richard rich rick ricky dick",
    "elizabeth liz lizzie beth betty eliza libby",
    "margaret maggie meg peggy marge",
    "michael mike mick mickey micky",
    "christopher chris",
    "christine chris chrissie tina",
    "christina chris tina",
    "stephen steve stevie steven",
    "andrew andy drew",
    "anthony tony antony",
    "david dave davey",
    "daniel dan danny",
    "matthew matt matty",
    "nicholas nick nicky",
    "nicola nicky nikki nic",
    "nicole nicky nikki nic",
    "samantha sam sammy",
    "samuel sam sammy",
    "alexander alex al sandy",
    "alexandra alex sandra lexi",
    "benjamin ben benny",
    "joshua josh",
    "jacob jake",
    "joseph joe joey",
    "james jim jimmy jamie",
    "john johnny jon jack",
    "jonathan jon jonny",
    "edward ed eddie ted teddy ned",
    "charles charlie chas",
    "charlotte charlie lottie char",
    "susan sue susie suzanne",
    "deborah deb debbie debs",
    "debra deb debbie debs",
    "patricia pat tricia trish patsy",
    "patrick pat paddy",
    "jennifer jen jenny jenna",
    "jessica jess jessie",
    "rebecca becky becca bex",
    "rachel rach rachael",
    "abigail abi abbie gail",
    "victoria vicky vicki tori",
    "kimberley kim kimberly",
    "stephanie steph",
    "gemma gem",
    "emma em",
    "emily em emmie",
    "louise lou",
    "lucy luce",
    "philip phil phillip",
    "gregory greg",
    "geoffrey geoff",
    "gerald gerry",
    "kenneth ken kenny",
    "ronald ron ronnie",
    "raymond ray",
    "terence terry",
    "theresa terry tess",
    "timothy tim",
    "simon si",
    "martin marty",
    "peter pete",
    "leonard len lenny",
    "lawrence larry",
    "frederick fred freddie",
    "francis frank frankie",
    "frances fran frankie",
    "harold harry",
    "henry harry",
    "theodore theo ted",
    "oliver ollie olly",
    "olivia liv livvy",
    "isabella bella izzy",
    "isabelle bella izzy",
    "amelia millie amy",
    "bethany beth",
    "shannon shan",
    "kelsey kels",
    "courtney court",
    "bradley brad",
    "nathan nate",
    "cameron cam",
    "dominic dom",
    "jordan jord",
    "zachary zak zac",
    "mohammed mo mohammad muhammad mohamed",
    "suzanne sue suzie",
    "sandra sandy",
    "barbara barb babs",
    "dorothy dot dotty",
    "pamela pam",
    "jacqueline jackie jacqui",
    "kathleen kath kathy",
    "lesley les",
    "leslie les",
    "valerie val",
    "veronica ronnie",
    "gillian gill jill",
    "maureen mo",
    "natalie nat",
    "natasha tasha nat",
    "danielle dani",
    "georgia george",
    "georgina george gina",
    "caroline caz carol",
    "tracey trace tracy",
    "sharon shaz",
    "karen kaz",
    "gary gaz",
    "darren daz",
    "barry baz",
    "wayne waz",
    "lindsay linds lyndsey lindsey",
    "malgorzata gosia",
    "katarzyna kasia",
    "krzysztof krzys",
    "tomasz tomek",
    "wojciech wojtek",
    "agnieszka aga",
    "aleksandra ola",
    "tyler ty",
    "kayleigh kay",
    "scarlett scar",
    "phoebe phoebs",
    "archie arch",
    "alfie alf alfred",
    "finley fin finlay",
    "logan lo",
    "lewis lew louis",
    "reece rhys",
};

void find_words_add(struct vocabulary *vocabulary) {
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++)
        vocabulary_add_words(vocabulary, word_rows[i].words, word_rows[i].traits);
}

static const char *word_in(const char *spaced, const char *key) {
    size_t len = strlen(key);
    for (const char *at = spaced; (at = strstr(at, key)); at += len)
        if ((at == spaced || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return at;
    return NULL;
}

/* Pointers into the table: each ends at a space or at the end of the row. */
size_t find_words_nicknames(const char *key, const char **out, size_t most) {
    size_t count = 0;
    if (!*key)
        return 0;
    for (size_t i = 0; i < sizeof nickname_rows / sizeof *nickname_rows; i++) {
        if (!word_in(nickname_rows[i], key))
            continue;
        for (const char *at = nickname_rows[i]; *at && count < most;) {
            size_t len = strcspn(at, " ");
            if (len != strlen(key) || strncmp(at, key, len) != 0)
                out[count++] = at;
            at += len + (at[len] == ' ');
        }
    }
    return count;
}
