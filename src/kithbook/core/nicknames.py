"""Short forms of given names, folded: Bob is Robert, Sepp is Josef; European languages only."""

from __future__ import annotations

_GROUPS = """
abigail abby gail|albert al bert albrecht|alexander alex sandy sasha sascha xander lex
alexandra alex sandra sasha alexa|alfred fred alf|amanda mandy|andrew andy drew andreas andre andrea andrej
angela angie|ann anna anne annie hanna anja anya|anthony tony anton antonio toni|antonia toni|arthur art
augustus gus august|barbara barb barbie babs bara|benjamin ben benny|bernard bernie bernhard bernd|bettina betti
bradley brad|bridget brigitte gitta|caroline carol carrie carolina caro
catherine kate cathy kathy katie katherine kathryn katharina katja kat kati cat katarina
charles charlie chuck carl karl carlos|charlotte lotte charlie|christina tina chris christine kristina kirsten
christopher chris kit topher christoph christian|clara klara|clifford cliff|cynthia cindy|daniel dan danny dani
daniela dani|david dave davy|deborah deb debbie|dennis denny|dominic dom nick dominik|donald don donny
dorothea dorothy dot dorit doro dora|douglas doug|edward ed eddie ted ned eduard edu
eleanor ellie nell nora eleonore|elisabeth elizabeth liz beth betty lisa liza eliza lilly elsa elise libby lisbeth
emily em emma|emanuel manuel manu|ernest ernie ernst|eugene gene eugen|evelyn eve evi|ferdinand ferdi|florian flo
frances fran|francis frank frankie franz francesco francisco paco pancho|franziska franzi
frederick fred freddy rick friedrich fritz frederic|gabriel gabe|gabriele gabi gaby gabriela
george georg jorge giorgio schorsch|gerald gerry jerry|gerhard gerd hardy gert|gregory greg gregor
gertrude trudy trudi|guillaume will|guenther gunther guenter gunter|hannah anna hanna|harold harry hal
helene helen lena nelly ellen elena|henry harry hank heinrich heinz heiner enrico enrique henri|herbert herb bert
hubert hubi bert|ignacio nacho|ignaz naz|isabella bella isabel isa izzy|jacob jake jakob jack jacques
jacqueline jackie|james jim jimmy jamie|jana janka|janet jan|jeffrey jeff geoff geoffrey|jennifer jen jenny
jeremy jerry|jessica jess jessie|joanna jo joan johanna hanna|johannes hannes hans johann jan john johnny jon
john jack johnny jon|jonathan jon john johnny|joseph joe joey josef sepp jo pepe jose|josephine josie josefine pepi
joshua josh|judith judy judy|julia julie jule|karina kari|kenneth ken kenny|kimberly kim|konstantin kostja konsti
laurence larry lawrence laurie lorenz lars|lea leah|leonard leo len lenny leonhard|leopold leo poldi
louis lou lewis ludwig luis louie|louise lou luise|lucia lucy lucie|magdalena lena magda leni|manfred manni fred
marcus mark marc markus marco mirko|margaret maggie meg peggy rita greta margarete gretchen
maria mary marie mia mimi mitzi|mariana marianne|martin marty martino|martina tina|matilda tilda tilly
matthew matt matthias mathias hias|maximilian max maxi|megan meg|melanie mel
michael mike mick micky mikhail miguel michel michi misha|michaela michi|monika monica moni
nathaniel nathan nate nat|nicholas nick nicky nikolaus klaus claus nico niko nicolas nikolai|nicole nicky nici
norbert bert|olivia liv livia|oliver ollie oli|oscar ossi oskar|pamela pam|patricia pat patty tricia trish
patrick pat paddy|paul pablo paolo pavel|penelope penny|peter pete pedro pietro petr|philip phil philipp pip
rachel rach|raymond ray|rebecca becky becca|regina gina|reinhard hardy
richard rick dick rich ricky ricardo riccardo|robert rob bob bobby robbie|roland roly|ronald ron ronnie
rosemary rose rosie|rudolf rudi rolf|ruprecht rupert|samantha sam|samuel sam sammy|sandra sandy
sebastian basti seb bastian|sergej sergei sergio serge|siegfried sigi|silvia sylvia silke|simon sim
sophia sophie sofia|stanislav stan stanley|stefan steve stephen steven steffen stephan stefano esteban
stephanie steph steffi stefanie|susan sue susie susanne suzanne zuzana|tamara tammy|teresa terry tess theresa resi
terence terry|theodor theo ted teddy|thomas tom tommy tomas tomasz|timothy tim timmy|tobias tobi toby
ulrich uli ulli|ulrike uli ulli rike|ursula uschi ulla|valentin val|valerie val|veronika vroni vera
victor vic viktor|victoria vicky tori viktoria|vincent vince vinzenz|vladimir vlad volodya|walter walt wally
wenzel vaclav|werner wern|wilhelm will willi wil|wilhelmina mina minna|william bill will billy willy liam
wolfgang wolf wolfi|xaver xavi|yevgeny evgeny eugene|yvonne yvi|zachary zach zack
"""

_FORMS: dict[str, frozenset[int]] = {}
for _number, _group in enumerate(_GROUPS.replace("\n", "|").split("|")):
    for _name in _group.split():
        _FORMS[_name] = _FORMS.get(_name, frozenset()) | {_number}


def forms_of(name: str) -> frozenset[int]:
    """The numbers of the groups that a folded given name belongs to; names of one group are forms of each other."""
    return _FORMS.get(name, frozenset())


def is_short_form(first: str, second: str) -> bool:
    """Whether two folded given names can be forms of the same name; false for equal ones without an entry."""
    return not forms_of(first).isdisjoint(forms_of(second))
