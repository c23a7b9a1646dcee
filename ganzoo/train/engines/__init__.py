"""Engines: how a turn is carried out. A plan is static, so it may be recorded or compiled."""

from ganzoo.train.engines.choice import EngineChoice, choose, device_of, seat
from ganzoo.train.engines.cudagraph import CudaRecorder, Recorder, RecordingEngine
from ganzoo.train.engines.eager import EagerEngine, products
from ganzoo.train.engines.table import Engine, Table

__all__ = [
    "CudaRecorder",
    "EagerEngine",
    "Engine",
    "EngineChoice",
    "Recorder",
    "RecordingEngine",
    "Table",
    "choose",
    "device_of",
    "products",
    "seat",
]
