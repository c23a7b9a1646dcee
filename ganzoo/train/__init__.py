"""The harness: one trainer for every objective."""

from ganzoo.train.engine import EagerEngine, Engine, Plan, Turn
from ganzoo.train.settings import Settings
from ganzoo.train.trainer import Trainer

__all__ = ["EagerEngine", "Engine", "Plan", "Settings", "Trainer", "Turn"]
