"""The harness: one trainer for every objective."""

from ganzoo.train.engines import EagerEngine, Engine, EngineChoice
from ganzoo.train.replicas import Replicas
from ganzoo.train.settings import Settings
from ganzoo.train.trainer import Trainer
from ganzoo.train.turn import Plan, Turn

__all__ = [
    "EagerEngine",
    "Engine",
    "EngineChoice",
    "Plan",
    "Replicas",
    "Settings",
    "Trainer",
    "Turn",
]
