"""What runs leave behind, and what can be said of it; needs no torch."""

from ganzoo.records.ranking import Ranking, ranking
from ganzoo.records.record import Portrait, Record, Speed
from ganzoo.records.selection import gaps, load
from ganzoo.records.summary import Summary, summarise

__all__ = [
    "Portrait",
    "Ranking",
    "Record",
    "Speed",
    "Summary",
    "gaps",
    "load",
    "ranking",
    "summarise",
]
