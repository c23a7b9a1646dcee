"""The rules of the game: who plays, what a turn knows, what an objective is."""

from ganzoo.game.defaults import Defaults
from ganzoo.game.game import Game
from ganzoo.game.networks import (
    Architecture,
    Discriminator,
    DiscriminatorOutput,
    Encoder,
    Generator,
)
from ganzoo.game.objective import Objective
from ganzoo.game.options import option, state
from ganzoo.game.play import Play
from ganzoo.game.priors import Normal, Prior, Uniform, WithCode
from ganzoo.game.source import Mixture, Source, Task, TensorSource
from ganzoo.game.spec import Spec
from ganzoo.game.stream import Stream
from ganzoo.game.term import Term
from ganzoo.game.traits import Traits

__all__ = [
    "Architecture",
    "Defaults",
    "Discriminator",
    "DiscriminatorOutput",
    "Encoder",
    "Game",
    "Generator",
    "Mixture",
    "Normal",
    "Objective",
    "Play",
    "Prior",
    "Source",
    "Spec",
    "Stream",
    "Task",
    "TensorSource",
    "Term",
    "Traits",
    "Uniform",
    "WithCode",
    "option",
    "state",
]
