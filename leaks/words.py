"""Word lists that the leak check judges names by. Data only; everything is folded and in small letters."""


def word_set(text: str) -> frozenset[str]:
    """The words of a list written with spaces between."""
    return frozenset(text.split())


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (row.split(":") for row in text.split(";"))
    return {name.strip(): tuple(short.split()) for name, short in rows}


# Entries of a technician column that are no person.
NO_PERSON = word_set("""
    help desk helpdesk service support admin administrator administrators system systems api dispatch
    dispatcher team unassigned noc soc tech techs technician technicians field user users default automation
    automated integration bot workflow rmm monitoring office info sales billing accounts staff it ops
    operations engineer senior junior level tier remote onsite queue intern interns temp contractor external
    owner manager mail none unknown other all edv leitstelle zentrale techniker kundendienst
""")
PARTICLES = word_set("""
    van der den de la le von zu zum di da del dos das al el bin ibn ter ten mac mc st y e i
""")
NAME_SUFFIXES = word_set("jr sr ii iii phd mba msc bsc dipl ing dr mr mrs ms")

# First and family names that are also ordinary words; what follows or precedes them decides.
NAME_VERBS = word_set("""
    will mark rob pat drew chase grant frank hope jack skip pierce wade may earnest ernest sue trace carol
    tab max gene dusty sunny happy sandy rusty curt blaze rich sterling dick ray don carry cary guy mike dot
    art gale shelly reid long young short small little strong wise smart noble sharp bright swift moody
    black white green brown gray grey blue gold silver best good goode low high savage stark blunt loud wild
    read reed dial bond cross close crouch hunt hunter march miles mills rush bush drake tuck turner trot
    walker waters wells wood woods west east north south worth york ban an do so my li mo bo al ed jo ty lu
    le no he she it ho hu yu xu su ma me to we in on ali win van kim
""")
NAME_NOUNS = word_set("""
    bill grace joy faith rose lily daisy iris ivy holly heather hazel olive violet ruby pearl jade amber
    crystal coral ginger penny patience prudence charity mercy harmony melody destiny trinity summer autumn
    winter dawn eve star sky skye rain river brook brooke cliff heath glen dale forest stone rock rocky clay
    sage basil herb robin jay wren martin colt buck bud chip chuck dean duke earl king prince bishop pope
    abbott knight page price key keys case field fields banks bank lane street hill hall house parks park
    pool rivers brooks lake ford bridge gate gates church castle temple baker cook butcher carpenter cooper
    farmer fisher fox wolf lamb hart hare bird crane finch hawk swan crow bull bear beck bell ball barber
    barr belt berry bloom booth bowman box boyle branch burns butler byrd cable camp candle cannon card carr
    carter cash cave chambers chance child coat cole cotton court craft cross curry dash day dish dodge door
    drum duck dunn east face fair flood flower foot foreman foster frost gardener garland glass golden
    goldsmith grove guard head hook horn hood jewel joiner jordan judge keen kitchen law lord love lucky
    major marsh mason master mayo mead merchant miller minor money moon moss nail newman nickel nurse oak
    oakes paige paine palmer parish parrot peace peck perry piper pitt plumb plumber poole porter post
    potter pound powers purse quick rand reader reeves rider ring roach roads rope root sales salmon salt
    sands savage school sellers shade shields shepherd silk singer singleton sink slater small smith snow
    spears spring stack steel stern still stock story sugar summers sweet table tanner taylor thorn tower
    towers town tree tyler vale vine wall walls ward warden watch weaver webber weeks wheeler winters
    woodman word worthy wright archer mayer maya alma vera koch weber schneider fischer meier wagner becker
    schulz bauer richter klein neumann schwarz zimmermann braun lange krause lehmann vogel stein berg engel
    busch kaiser sommer pfeiffer baum blum kurz lang gross roth weiss jung alt frei reich stark art lan tag
    chat apple jet ace axel ink byte norm
""")
# Words always written with a capital: months, makers, products. Only a plain sign of a person counts.
NAME_PROPER = word_set("""
    may april june july august march january avril mai juni juli dell sage apple adobe norton canon brother
    epson ford oracle cisco sharp philips phillips siemens bosch schneider zimmer watson hoover dyson
    carrier fritz jenkins clara ada alexa siri cortana max otto ruby java swift azure webex sophos barracuda
    proton signal edge chrome opera safari zoom slack teams access excel word outlook visio jira linus lotus
    nokia honda mercedes tesla windsor christian easter noel natalie christmas chase wells visa sun monday
    friday sunday sonntag freitag montag samstag polish german french dutch english roman scott mac
""")
PLACES = word_set("""
    austin dallas houston jordan paris london chelsea brooklyn madison lincoln jackson carolina georgia
    virginia victoria sydney adelaide florence vienna verona milan israel india china asia kenya chad
    holland denver orlando phoenix savannah memphis charlotte salem boston bristol chester lancaster preston
    bradford burton clifton dayton hamilton kent kingston logan melbourne montgomery nevada newport norfolk
    raleigh regina richmond sheffield stafford stanton troy warwick washington wellington windsor worcester
    york essen trier fulda hagen celle ulm bremen hamburg
""")

# A given name and what people make of it.
NICKNAMES = _table("""
    abigail: abby; albert: bert al; alexander: alex sasha; alexandra: alex sandra sasha; alexandrina: alex;
    alfred: alf fred; allison: allie; amanda: mandy; amelia: millie; andrea: andi; andreas: andi andy;
    andrew: andy drew; angela: angie; angus: gus; annabel: belle; anthony: tony; antoinette: toni; antonio:
    tony toni; archibald: archie; arthur: art; augustus: gus; barbara: barb babs; bartholomew: bart;
    beatrice: bea; benedikt: bene; benjamin: ben benny; bernadette: bernie; bernard: bernie; bernhard: bernd
    berni; beverly: bev; bradley: brad; brigitte: gitti; calvin: cal; cameron: cam; cassandra: cass cassie;
    catherine: cathy kate cat; charles: charlie chuck; charlotte: lotte charlie lottie; christian: chris;
    christina: chris tina; christine: chris tina; christoph: chris stoffel; christopher: chris topher;
    clifford: cliff; constance: connie; cornelia: conny; curtis: curt; cynthia: cindy; daniel: dan danny;
    david: dave; deborah: deb debbie; delia: dee; dennis: denny; desmond: des; diana: di; dominic: dom;
    dominik: domi; donald: don; dorothy: dot; douglas: doug; edith: edie; edmund: ed ted; edward: ed eddie
    ted; edwin: ed; eleanor: ellie nell; elisabeth: lisa liz beth; elizabeth: liz beth betty lizzie; emily:
    em emmy; eugene: gene; evelyn: eve; felicity: flick; ferdinand: ferdi; fiona: fi; florian: flo; francis:
    frank; franziska: franzi; frederick: fred freddie; friedrich: fritz fred; gabriel: gabe; geoffrey:
    geoff; georgina: georgie; gerald: gerry jerry; gerard: gerry; gertrud: trudi; gilbert: gil bert; graham:
    gray; gregory: greg; gustav: gus; gwendolyn: gwen; hannah: han; hans- peter: hape; harold: harry hal;
    harriet: hattie; heinrich: heiner heinz; helena: lena; henry: harry hank; herbert: herb bert; howard:
    howie; hubert: hugh; ignatius: iggy; imogen: immy; irene: rene; isabella: bella isa; jacob: jake;
    jacqueline: jackie; james: jim jimmy jamie; janet: jan; jasmine: jas; jeffrey: jeff; jennifer: jen
    jenny; jeremiah: jerry; jeremy: jez jerry; jessica: jess; joachim: achim jochen; joanna: jo joey;
    joanne: jo; johanna: hanna jo; johannes: hannes; john: jack johnny; jonathan: jon; josefine: josi;
    joseph: joe joey; josephine: josie jo; joshua: josh; judith: judy; julia: jule; juliane: jule; karl-
    heinz: kalle; katharina: kathi kati kathe; katherine: kate kathy kat; kathleen: kathy; katrin: kati;
    kenneth: ken kenny; kimberly: kim; klaus: klausi; kristen: kris; kristina: kris tina; lars: lasse;
    lawrence: larry; leonard: leo len; leopold: leo poldi; leslie: les; lewis: lew; lillian: lil; louis:
    lou; louise: lou; lydia: liddy; madeleine: maddie; manfred: manni; manuel: manu; manuela: manu; marcus:
    marc; margaret: maggie meg peggy; margarete: grete; marianne: anni; marjorie: marge; markus: maggus;
    martin: marty; martina: tina; matilda: tilly; matthew: matt; matthias: matze; maureen: mo; maximilian:
    max; maxine: max; melanie: mel melli; melissa: mel; mercedes: mercy; michael: mike mick micha michi;
    michaela: michi; michelle: shell; mildred: millie; millicent: millie; miriam: miri; mitchell: mitch;
    mohammed: mo; mortimer: mort; muhammad: mo; natalie: nat; natasha: tasha; nathalie: nat; nathan: nate;
    nathaniel: nate nathan; nicholas: nick; nicola: nicky; nigel: nige; nikolaus: niko klaus; norman: norm;
    oliver: olly oli; olivia: liv livvy; oscar: ossie; pamela: pam; patricia: pat patty trish; patrick: pat
    paddy; penelope: penny; percival: percy; peter: pete; philip: phil; philippa: pip pippa; phillip: phil;
    prudence: pru; quentin: quin; randolph: randy; raphael: raffi; raymond: ray; rebecca: becky becca;
    reginald: reg reggie; reinhard: reini; richard: rick rich richie dick; robert: rob bob bobby robbie
    bert; roberta: bobbie; roderick: rod; roland: rolly; ronald: ron; rosalie: rosie; rosalind: roz;
    rosemarie: rosi; rosemary: rosie; rudolf: rudi; rupert: rupe; russell: russ; sabine: bine; samantha:
    sam; samira: sam; samuel: sam; sandra: sandy; saskia: sassi; sebastian: seb basti; sidney: sid; sidonie:
    sid; siegfried: sigi; simone: simi; solomon: sol; stanley: stan; stefan: steff; stefanie: steffi stef;
    stephanie: steph steffi; stephen: steve; steven: steve; stuart: stu; susan: sue suzie; susanna: sanna
    susi; susanne: susi sanne; sylvia: syl; tabitha: tabby; tamara: tammy; terence: terry; teresa: terry
    tess; terrence: terry; thaddeus: thad; theodora: theo dora; theodore: ted theo; theresa: terry tess;
    thomas: tom tommy; timothy: tim; tobias: tobi; tobin: toby; torsten: totti; trevor: trev; tristan: tris;
    ulrich: uli; ulrike: rike uli; ursula: uschi; valentina: val; valerie: val; vanessa: ness; veronika:
    vroni vera; victoria: vicky tori; viktoria: vicky; vincent: vince; vivian: viv; vivienne: viv; wallace:
    wally; walter: walt; wesley: wes; wilhelm: willi; william: will bill billy liam; winifred: winnie;
    winston: winnie; wolfgang: wolfi; xavier: xav; yolanda: yoli; yvonne: yvi; zachary: zach zac
""")

LEGAL_FORMS = word_set("""
    llp llc ltd limited inc incorporated corp corporation co company plc gmbh ag kg ohg ug ev mbh se sa sarl
    srl spa bv nv ab as oy pty pte lp pc pllc dba kgaa gbr eg
""")
# What a company does or is: never a name by itself.
TRADES = word_set("""
    dental dentist medical clinic clinics hospital health healthcare care physio veterinary vet vets animal
    legal law lawyers solicitors attorneys partners associates group holding holdings services service
    solutions systems consulting consultants advisors advisers wealth finance financial capital insurance
    bank accounting accountants tax audit freight logistics logistik transport trucking shipping roofing
    construction builders building plumbing electric electrical electronics engineering robotics pharma
    pharmacy labs laboratory title realty properties property estate estates media design studio studios
    marketing print printing press books foods food bakery cafe restaurant hotel hotels travel tours sports
    fitness school college university academy primary secondary church trust foundation charity council
    union club society institute center centre shop store stores market markets retail wholesale trading
    supply supplies industries industrial manufacturing technologies technology tech software digital data
    energy power water oil gas solar farms farm garden motors auto automotive cars tire garage family
    brothers sons international national european american north south und and the of st saint
""")
# Company names that are ordinary words: flagged with a capital in mid-sentence, or after a sign like "at".
COMPANY_WORDS = word_set("""
    redwood sequoia aspen hazel spruce larch juniper cypress magnolia hickory walnut chestnut poplar ash
    elder flint slate onyx opal jade topaz quartz obsidian sapphire garnet raven heron osprey otter beaver
    badger panther jaguar bison mustang stallion dolphin orca shark whale swan robin sparrow lark finch
    crane stork owl lynx cougar puma cobra python viper dragon griffin unicorn pegasus centaur trident
    neptune venus vulcan minerva juno ceres flora fauna sunshine sunbeam rainbow daybreak nightingale
    cascade rapids waterfall canyon mesa prairie savanna tundra glacier iceberg volcano comet meteor nebula
    eclipse equinox solstice horizon panorama vista boulevard avenue plaza terrace pavilion gallery arcade
    studio harbor port dock wharf pier marina lighthouse anchor helm rudder mast sail voyage safari trek
    summit base camp pilot captain admiral general major ranger scout warden keeper steward herald envoy
    ambassador consul senator regent baron duke earl knight squire sterling noble regal majestic imperial
    sovereign monarch dynasty empire realm domain habitat haven refuge sanctuary oasis eden paradise utopia
    arcadia genesis origin source spring fountain apex pinnacle beacon harbour pioneer liberty vantage
    cobalt keystone cornerstone landmark compass bridge gateway heritage legacy freedom patriot eagle falcon
    hawk phoenix lion tiger wolf bear fox oak pine cedar maple elm willow birch orchard meadow valley river
    lake ocean pacific atlantic coastal island mountain hill ridge peak crest view skyline sky star sun moon
    lunar solar global universal united premier prime first best superior supreme elite select choice
    preferred quality precision advance advanced advantage alpha beta gamma delta omega sigma zenith matrix
    vector vertex nexus focus core central capital metro city town village royal crown king queen castle
    fortress shield guardian sentinel safe secure trust true integrity honest fair clear bright blue red
    green black white silver gold golden diamond crystal pearl emerald ruby amber iron steel copper bronze
    stone rock granite marble summer winter autumn fresh new modern future next nova neo rapid swift express
    direct fast quick smart wise bold strong solid total complete full open access edge point spot mark
    target momentum motion velocity impact impulse spark flash lightning thunder storm wave tide flow stream
    current wind breeze aurora dawn sunrise sunset day night north south east west northern southern eastern
    western northwest midwest frontier trail path way road journey venture quest discovery explorer
    navigator voyager odyssey atlas titan olympus apollo zeus hermes mercury mars jupiter saturn orion
    sirius polaris stellar cosmos galaxy meridian lumen photon quantum axis tempo cadence catalyst synergy
    spectrum prism mosaic canvas kinetic helix radius segment sector module formula planet earth terra
    nature evergreen forest garden rose lily lotus ivy sage laurel acorn root branch leaf seed grain harvest
    mill works foundry forge hammer anvil tower arch pillar column square circle triangle cube sphere orbit
    link chain bond unity alliance allied partner circuit signal pulse beat rhythm echo sound voice vision
    insight mind thought idea concept logic reason method system process contact connect response action
    active dynamic fusion energy power force strength endeavor endeavour progress success victory triumph
    champion victor master expert classic vintage original standard benchmark reference resource supply
    store stock reserve treasure fortune wealth value asset equity credit merit reward bonus benefit bell
    box chase page price media pro plus max ultra mega macro micro mini inter trans multi omni pan kern
    welle quelle turm stern adler falke brucke kompass anker leuchtturm hafen fels berg tal wald garten
    sonne mond
""")
# Products whose names are ordinary words too: a capital says nothing about them.
PRODUCT_WORDS = word_set("""
    edge horizon access word excel teams outlook explorer safari chrome opera signal zoom slack focus atlas
    titan sage core beacon sentinel shield guardian defender compass nexus phoenix aurora matrix vision
    insight pulse echo spark apollo orion quest venture contact first next new global central direct prime
    active total standard advanced premier plus pro max mini ultra master open point link
""")
