"""The words that business names share: written in several ways, or meaning little."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Say how a business is owned, and nothing on which business it is. Only at an end of a name.
LEGAL_FORMS = _words("ооо оао зао пао ип ао") | _words(  # noqa: RUF001 - Cyrillic
    """
    inc incorporated llc ltd limited corp corporation co company gmbh mbh ug kg ohg gbr pty pte plc
    llp lp pllc pc lllp bv vof cv bvba sarl srl sprl sas eurl oy oyj aps asa kk sdn bhd
    ltda eirl sro doo dd zrt kft 株式会社 有限会社 合同会社
    """
)

# Legal forms that are also places ("NV", "PA", "SA"): they stay in a name, and weigh little.
LEGAL_FORMS_OR_PLACES = _words("pa nv sa ag as ab se sc de al")

# Hold a name together.
FILLERS = LEGAL_FORMS_OR_PLACES | _words(
    """
    and of the for at in y und et e de la le les los las del di da du der die das
    com net org www co usa us uk na hq headquarters
    """
)

# One side may leave them out; two different ones make two businesses.
KINDS = _words(
    """
    group holding holdings svc enterprise solution partner assoc ventures intl worldwide global
    america
    """
)
WEAK = FILLERS | KINDS

# One writing for a word that is customarily written in several: only where an abbreviation has no
# other long form, so "ins", "dist" and "assn" are not here. "st" is a saint and a street.
SAME_WORDS = {
    written: word
    for word, ways in {
        "st": "saint street",
        "mt": "mount",
        "ft": "fort",
        "dr": "doctor",
        "ave": "avenue",
        "rd": "road",
        "blvd": "boulevard",
        "mfg": "manufacturing mfr",
        "svc": "service services svcs svs",
        "assoc": "associate associates assocs",
        "intl": "international",
        "natl": "national",
        "bros": "brothers",
        "dept": "department",
        "ctr": "center centre cntr",
        "univ": "university",
        "mgmt": "management mgt mngmt",
        "construction": "constr",
        "technology": "technologies",
        "govt": "government",
        "enterprise": "enterprises",
        "solution": "solutions",
        "partner": "partners",
        "theater": "theatre",
        "first": "1st",
        "second": "2nd",
        "third": "3rd",
        "county": "cnty",
        "co": "company",
        "twp": "township",
    }.items()
    for written in ways.split()
}

# What prefixes and consonants do not tell of an abbreviation.
SHORT_FOR = {
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
    "sr": "senior",
    "jr": "junior",
    "ste": "suite",
    "dr": "drive",
    "ins": "insurance",
}

# Alone they do not say which business it is, however seldom they are in the lists at hand.
COMMON = _words(
    """
    american national united first second third premier advanced allied alliance pacific atlantic
    northern southern eastern western central north south east west northeast northwest southeast
    southwest upper lower new old great greater royal golden silver blue green red black white
    summit valley river lake mountain hill hills ridge park creek ocean bay harbor coast coastal
    island city town village county state metro capital family community home house care health
    healthcare wellness life clinic dental dentistry dentist orthodontics medical medicine eye
    vision animal pet veterinary vet pharmacy hospital law legal lawn attorneys office offices
    accounting tax cpa insurance agency financial wealth bank credit union capital advisors
    consulting consultants marketing media design studio print printing tech technology digital
    data systems software network security solutions group services partners associates
    construction builders roofing flooring painting plumbing electric electrical electronics
    mechanical hvac heating cooling landscaping paving concrete steel metal machine tool tools
    manufacturing industries supply logistics transport trucking freight auto automotive motors
    tire body parts repair farm farms foods food bakery cafe coffee restaurant grill pub bar
    brewing winery wine kitchen catering hotel inn resort travel school academy college church
    baptist methodist lutheran presbyterian catholic bible grace trinity christian faith chapel
    parish temple museum library center foundation association club society council department
    fire police water power energy solar oil gas realty property properties estate estates
    development investments holdings management staffing storage depot site test default
    sales service global world international quality professional best choice star sun eagle
    smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez
    wilson anderson thomas taylor moore jackson martin lee perez thompson white harris clark lewis
    robinson walker young allen king wright scott hill green baker adams nelson carter mitchell
    campbell roberts evans turner parker collins edwards stewart morris cook rogers morgan cooper
    reed bailey bell kelly howard ward cox gray james watson brooks wood bennett kim park nguyen
    patel singh khan chen wang li weber muller schmidt murphy ryan monroe jefferson lincoln
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii
    idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan
    minnesota mississippi missouri montana nebraska nevada hampshire jersey mexico york carolina
    dakota ohio oklahoma oregon pennsylvania rhode tennessee texas utah vermont virginia wisconsin
    wyoming ontario quebec manitoba saskatchewan alberta columbia queensland victoria tasmania
    england scotland wales ireland
    washington madison franklin james john mary paul peter michael mark anna maria george thomas
    """
)
COMMON |= frozenset(SAME_WORDS.get(word, word) for word in COMMON)
