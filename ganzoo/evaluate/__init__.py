"""How good samples are: metrics, what they compare with, and the mathematics they are made of."""

from ganzoo.evaluate.evaluator import Evaluator
from ganzoo.evaluate.extractor import Extractor
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.reference import Reference, sensible_count

__all__ = ["Evaluator", "Extractor", "Metric", "Reference", "Samples", "sensible_count"]
