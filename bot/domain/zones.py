"""Time zones as people name them: a city, a country with one clock, an American abbreviation.

An offset ("UTC+2") is not read: it says nothing of summer time, so the member is asked for a city.
"""

import re
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.text import one_line
from bot.errors import Ambiguous, Misread

_LONGEST = 60  # characters
_REGIONS = {
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
    "Indian", "Pacific",
}  # fmt: skip
_STATES = {"North", "South", "West"}  # old names, which read like compass points
# What is no city of the database, or means another zone than the database says: "EST" is what a
# New Yorker calls the clock in July too, while the database's EST has no summer time.
_ALIASES = {
    "UTC": "utc gmt zulu z etc/utc|greenwich mean time|coordinated universal time",
    "America/New_York": "nyc ny eastern est edt et boston philadelphia philly miami atlanta "
    "baltimore cleveland pittsburgh charlotte orlando us/eastern|washington dc|us eastern|"
    "new york city",
    "America/Chicago": "central cst cdt ct houston dallas austin minneapolis nashville memphis "
    "texas milwaukee|st louis|new orleans|kansas city|san antonio|us central|us/central",
    "America/Denver": "mountain mst mdt mt colorado utah|salt lake city|us mountain|us/mountain",
    "America/Phoenix": "arizona tucson",
    "America/Los_Angeles": "pacific pst pdt pt la sf california seattle portland oregon|"
    "san francisco|san diego|las vegas|us pacific|us/pacific",
    "America/Anchorage": "alaska akst akdt",
    "Pacific/Honolulu": "hawaii hst",
    "America/Halifax": "atlantic ast adt",
    "America/St_Johns": "newfoundland nst ndt",
    "America/Toronto": "montreal ottawa ontario quebec",
    "America/Edmonton": "calgary alberta",
    "America/Sao_Paulo": "rio brasilia|rio de janeiro",
    "Europe/London": "uk gb britain england scotland wales bst manchester edinburgh glasgow leeds "
    "liverpool bristol cardiff|united kingdom|great britain",
    "Europe/Dublin": "ireland cork",
    "Europe/Paris": "france cet cest lyon marseille toulouse lille|central european",
    "Europe/Berlin": "germany munich hamburg frankfurt cologne",
    "Europe/Zurich": "switzerland geneva basel bern lausanne",
    "Europe/Madrid": "spain barcelona",
    "Europe/Rome": "italy milan naples",
    "Europe/Athens": "greece eet eest",
    "Asia/Kolkata": "india mumbai delhi bangalore bengaluru chennai hyderabad pune|new delhi",
    "Asia/Karachi": "pakistan lahore islamabad pkt",
    "Asia/Shanghai": "china beijing shenzhen",
    "Asia/Tokyo": "japan osaka kyoto jst",
    "Asia/Seoul": "korea kst|south korea",
    "Asia/Singapore": "sgt",
    "Asia/Dubai": "uae|abu dhabi",
    "Asia/Jerusalem": "israel haifa",
    "Asia/Manila": "philippines cebu",
    "Africa/Johannesburg": "sast durban|south africa|cape town",
    "Africa/Lagos": "nigeria abuja",
    "Africa/Nairobi": "kenya",
    "Africa/Cairo": "egypt alexandria",
    "Africa/Casablanca": "morocco rabat",
    "Australia/Sydney": "aest aedt canberra nsw|new south wales",
    "Australia/Melbourne": "victoria",
    "Australia/Brisbane": "queensland",
    "Australia/Adelaide": "acst acdt",
    "Australia/Perth": "awst",
    "Pacific/Auckland": "nz nzst nzdt wellington christchurch|new zealand",
    "Europe/Amsterdam": "netherlands holland rotterdam",
    "Europe/Brussels": "belgium",
    "Europe/Copenhagen": "denmark",
    "Europe/Helsinki": "finland",
    "Europe/Lisbon": "portugal porto",
    "Europe/Oslo": "norway",
    "Europe/Stockholm": "sweden",
    "Europe/Vienna": "austria",
    "Europe/Warsaw": "poland krakow",
}
# Several clocks: the member is asked which.
_SEVERAL = {
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    **dict.fromkeys(
        ("us", "usa", "united states", "america"),
        ("America/New_York", "America/Chicago", "America/Los_Angeles"),
    ),
    "canada": ("America/Toronto", "America/Winnipeg", "America/Vancouver"),
    "australia": ("Australia/Sydney", "Australia/Brisbane", "Australia/Perth"),
    "brazil": ("America/Sao_Paulo", "America/Manaus", "America/Fortaleza"),
    "mexico": ("America/Mexico_City", "America/Cancun", "America/Tijuana"),
}


@lru_cache(maxsize=1024)  # more than there are zones; ZoneInfo itself keeps only eight
def zone_info(zone: str) -> ZoneInfo:
    """Load the rules of an IANA zone; raise ZoneInfoNotFoundError or ValueError for other names."""
    return ZoneInfo(zone)


def local(moment: datetime, zone: str) -> datetime:
    """Tell what the clock on the wall shows at an aware moment; raise ValueError if it is naive."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(zone_info(zone))


def city(zone: str) -> str:
    """Name a zone by its city, in few letters: `New York`, or `UTC`."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def zone_name(zone: str) -> str:
    """Name a zone to a person: `New York time`, or `UTC`."""
    place = city(zone)
    return place if place == "UTC" else f"{place} time"


def read_zone(text: str) -> str:
    """Read a place or abbreviation as an IANA name; raise Misread, or Ambiguous if several fit."""
    said = one_line(text[:_LONGEST])
    key = _key(said)
    if len(text) > _LONGEST or not key:
        raise Misread("zones.unread", text=said)
    if key in _SEVERAL:
        raise Ambiguous("zones.near_miss", _SEVERAL[key], text=said)
    index = _index()
    if key in index:
        return index[key]
    # Three letters are always close to some other three.
    names = [name for name in index if len(name) > 3]
    close = get_close_matches(key, names, 9, 0.8) if len(key) > 3 else []
    nearest: dict[str, str] = {}
    for name in close:
        zone = index[name]
        nearest.setdefault(zone, zone if "/" in name else name.title())
    if nearest:
        raise Ambiguous("zones.near_miss", tuple(nearest.values())[:3], text=said)
    raise Misread("zones.unread", text=said)


def _key(text: str) -> str:
    plain = text.lower().replace("_", " ").replace("-", " ").replace(".", "").replace("'", "")
    return re.sub(r" (?:standard |daylight |summer )?time ?(?:zone)?$", "", " ".join(plain.split()))


@lru_cache(maxsize=1)  # listing the zones walks a folder of 600 files
def _index() -> dict[str, str]:
    # Etc/GMT+5 is five hours behind, the opposite of what its name tells most people.
    known = sorted(zone for zone in available_timezones() if not zone.startswith(("Etc/", "GMT")))
    index = {_key(zone): zone for zone in known if zone not in {"Factory", "localtime"}}
    for zone in reversed(known):
        region, _, city = zone.partition("/")
        if city and region in _REGIONS and not (region == "Australia" and city in _STATES):
            index[_key(city.rsplit("/", 1)[-1])] = zone
    for zone, names in _ALIASES.items():
        words, *phrases = names.split("|")
        index |= {_key(name): zone for name in (zone, *words.split(), *phrases)}
    return index
