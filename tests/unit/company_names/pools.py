"""The words of which made-up business names are made. The two pools share no word of their own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pool:
    """What one file's names are made of."""

    seed: int
    owners: str  # each at most once in a file, so that a line means one business
    surnames: str
    trades: tuple[tuple[str, str], ...]  # two trades that are easily taken for one another
    places: tuple[tuple[str, str], ...]
    short_words: tuple[tuple[str, str], ...]  # a word and its abbreviation
    legal_forms: tuple[str, ...]
    weak_words: tuple[str, ...]


SEEN = Pool(
    seed=1,
    owners=(
        "Abernathy Ashdown Bellweather Birchmore Blackthorn Bramhall Calloway Castellan Chesham "
        "Coldwater Cranmore Dartwell Deverell Eastlake Ellsworth Falconer Fernhill Foxborough "
        "Galbraith Glenmore Goldcrest Greystoke Halvorsen Hawthorne Hexham Holloway Inverness "
        "Ironwood Jasperson Kensett Kingsley Larkspur Leighton Longacre Maddox Marchetti Melrose "
        "Moorcroft Nakamura Netherby Northcott Oberlin Osprey Palisade Pemberton Penrose Quayside "
        "Ravenscroft Redfern Rosewell Sandoval Seabright Silverton Stanwick Stonebridge Sutcliffe "
        "Tamarack Thistledown Thornbury Timberline Underhill Valdez Wakefield Waverly Westbrook "
        "Whitaker Wildrose Winslow Wolcott Yarborough Zimmerman Appleby Burnside Corrigan "
        "Driscoll Ferncliff Gunderson Hargrove Iverson Kincaid Lockhart Mandeville "
        "Norwood Pinkerton Rockwell Shelburne Tilbury Vickers Wheelock Ardmore Belcourt Covington"
    ),
    surnames="Johnson Garcia Miller Patel Lee Brown Davis Wilson Clark Young",
    trades=(
        ("Dental", "Dental Lab"),
        ("Law", "Lawn Care"),
        ("Accounting", "Consulting"),
        ("Electric", "Electronics"),
        ("Family Medicine", "Family Law"),
        ("Plumbing", "Painting"),
        ("Insurance Agency", "Travel Agency"),
        ("Foods", "Floors"),
        ("Marine", "Machine"),
        ("Orchards", "Orthodontics"),
    ),
    places=(
        ("East", "West"),
        ("Denver", "Boulder"),
        ("North Campus", "South Campus"),
        ("Austin", "Houston"),
        ("Downtown", "Uptown"),
    ),
    short_words=(
        ("Manufacturing", "Mfg"),
        ("Services", "Svcs"),
        ("Associates", "Assoc"),
        ("International", "Intl"),
        ("Department", "Dept"),
        ("Brothers", "Bros"),
    ),
    legal_forms=("Inc.", "LLC", "Ltd", "Corp.", "GmbH", "Pty Ltd", "PLLC", "P.C.", "LLP", "B.V."),
    weak_words=("Group", "Holdings", "Company", "Services"),
)

UNSEEN = Pool(
    seed=2,
    owners=(
        "Aldington Amberley Arkwright Bannerman Beaumont Bosworth Brockhurst Cavanaugh Chadwick "
        "Clearbrook Crestwood Dunleavy Edgerton Espinoza Fairweather Farnsworth Fitzwilliam "
        "Foxglove Gainsborough Goodfellow Grantham Greenhalgh Hathaway Heatherton Highmoor "
        "Honeycutt Huxtable Ingersoll Jernigan Kessler Kirkbride Lancaster Lindholm Loxley "
        "Mariposa Mayhew Merriweather Middlebrook Montrose Mulberry Nethercott Nightingale "
        "Oakridge Okonkwo Ormond Paddington Pendergast Pickering Plumtree Prescott Quimby "
        "Rainsford Rutherford Saltmarsh Sheffield Skylark Snowdon Springfeld Starling Stratford "
        "Sycamore Tattersall Tremaine Tuckerman Upchurch Vasquez Villanueva Wadsworth Weatherby "
        "Wexford Whitcombe Willoughby Windermere Woodruff Wyndham Yellowstone Zeller Ballantine "
        "Coolidge Dunmorrow Everhart Finchley Gilchrist Hemingway Islington Kilbride Larchmont "
        "Mansfield Newbury Ottery Pelham Radcliffe"
    ),
    surnames="Jones Martinez Taylor Singh Kim White Thomas Moore Hall Walker",
    trades=(
        ("Optometry", "Optical Lab"),
        ("Bakery", "Banking"),
        ("Tax", "Taxi"),
        ("Mechanical", "Medical"),
        ("Auto Body", "Auto Parts"),
        ("Realty", "Retail"),
        ("Home Health", "Home Builders"),
        ("Printing", "Pinball"),
        ("Stables", "Staffing"),
        ("Pharmacy", "Farms"),
    ),
    places=(
        ("Upper Mill", "Lower Mill"),
        ("Phoenix", "Tucson"),
        ("Bristol", "Bath"),
        ("Riverside", "Lakeside"),
        ("Perth", "Darwin"),
    ),
    short_words=(
        ("Engineering", "Eng"),
        ("Construction", "Const"),
        ("Management", "Mgt"),
        ("Technologies", "Tech"),
        ("Laboratories", "Labs"),
        ("Distributors", "Dist"),
    ),
    legal_forms=("Limited", "L.L.C.", "Incorporated", "AG", "N.V.", "SAS", "Oy", "A/S", "KG", "PA"),
    weak_words=("Enterprises", "Partners", "Solutions", "Worldwide"),
)
