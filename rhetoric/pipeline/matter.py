"""Whether a text has any word of the matter, AI and advanced technology: of any day, and not of ours alone.

The list is generous. A word too many leaves a passage to the encoder, as if there were no list; a word too few takes
from a whole text that it is about the matter.
"""

import re
from typing import Final

from rhetoric.pipeline.actors import CHINESE_FIRMS, US_FIRMS

_WORDS: Final = r"""
# AI
a\.?i | agi | llms? | gpt\w* | chatbots? | agentic | deepfakes? | algorithm\w* | neural | inference |
(?:artificial|general|machine|super)[\ -]?intelligen\w* | (?:deep|machine|reinforcement)[\ -]learning |
(?:foundation|frontier|generative|language|open|reasoning)[\ -]models? | open[\ -](?:sourc\w*|weights?) |
training\ runs? | robot\w* | humanoids? | automat(?:ed|ing|ion) | unmanned | uncrewed | driverless | self-driving |
autonomous(?:ly)?(?!\ (?:count|prefecture|region)) | drones? | uavs? |
# computers, what they are made of, and networks
(?:bio|clean|fin|nano)?tech(?:s|nolog\w*)? | (?:super)?comput\w* | software | hardware | malware | spyware |
servers? | hack(?:s|ed|ers?|ing)? | blockchain\w* | crypto\w* | digital\w* | cyber\w* | internet | apps? | laptops? |
iaas | cloud[\ -](?:comput\w*|infrastructure|providers?|services?) | hyperscal\w* | data(?:bases?|sets?) |
data[\ -](?:bases?|brokers?|cent(?:er|re)s?|flows?|governance|locali[sz]ation|privacy|protection|security|sets?) |
(?:big|personal|sensitive|training|user)\ data | (?:micro)?electronic\w* | semiconduct\w* | transistors? |
(?<!bargaining\ )(?<!blue[\ -])(?:micro)?chip(?:s|sets?|mak\w+)?(?!\ (?:away|in)\b) |
(?:integrated|printed)\ circuits? | (?:graphics|micro|neural)[\ -]?processors? | gpus? | graphics\ cards? |
accelerators? | (?:poly)?silicon | wafers? | foundr(?:y|ies) | fabs? | lithograph\w* | nanomet\w* | photoresists? |
machine\ tools? | quantum(?!\ leap) | photonic\w* | lasers? | optical\w* | sensors? |
(?<!on\ the\ )(?<!under\ the\ )radars? | surveillance | biometric\w* | fac(?:e|ial)[\ -]recognition | [3-6]g |
telecom\w* | broadband | wireless | routers? | modems? | smartphones? | iphones? | handsets? |
(?:fib(?:er|re)|submarine|subsea|undersea)[\ -](?:optic\w*|cables?) |
# space, arms and energy
satellites? | spacecraft | outer\ space | rockets? | (?:astro|cosmo|taiko)nauts? | lunar | moonshots? | sputnik |
nasa | space[\ -]?(?:age|agenc\w+|exploration|flights?|launch\w*|program\w*|race|shuttles?|stations?) | telescopes? |
moon\ (?:landings?|race) | orbit(?:al|ers?) | into\ orbit | missiles? | hypersonic\w* | nuclear(?!\ option) |
warheads? | submarines? | fighter\ jets? | jet[\ -]engines? | stealth\ (?:aircraft|bombers?|fighters?|jets?) |
aerospace | airliners? | turbines? | solar | photovoltaic\w* | batter(?:y|ies)(?!\ of\b) | evs? |
electric[\ -](?:cars?|vehicles?) | electroly[sz]\w* | hydrogen | renewables? | inverters? |
clean[\ -](?:energy|power) | lithium | gallium | germanium | graphite | magnets?(?!\ for\b) | rare[\ -]earths? |
critical\ minerals? | gen(?:e[\ -]edit|om)\w* |
# research, and rules about it
labs? | laborator\w* | (?<!political\ )(?<!social\ )scien\w* | engineer(?:ing|s)? | innovat\w* |
invent(?:ions?|ors?) | patents? | r\ ?&\ ?d | research\ and\ development | intellectual\ property | trade\ secrets? |
advanced\ manufactur\w* | dual[\ -]use | export[\ -]controls? | outbound\ investments? | re-?export\w* | eccns? |
entity\ list | licen[cs]e\ exceptions? | (?:civil(?:ian)?|military)-(?:civil\ |military\ )?fusion | small\ yard |
made\ in\ china\ 2025
"""
_NAMES: Final = rf"""
{US_FIRMS} | {CHINESE_FIRMS} | ASML | Boeing | Broadcom | COMAC | DARPA | DJI | Facebook | Foxconn | Hynix | Lenovo |
NIST | Qualcomm | Samsung | SpaceX | Starlink | STEM | TAI | Tesla | TSMC | WeChat
"""
_MATTER: Final = re.compile(rf"\b(?:(?i:{_WORDS})|{_NAMES})\b", re.VERBOSE)


def names_matter(text: str) -> bool:
    """Whether a word of the matter stands anywhere in ``text``."""
    return _MATTER.search(" ".join(text.split())) is not None  # what two words name may be broken at the end of a line
