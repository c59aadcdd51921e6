"""Who did it: named actors, forces of states and descriptions, each with how firmly the text names them."""

from services.processor.extraction.actors.lexicon import Actor, load_actors
from services.processor.extraction.actors.matching import find_actors
from services.processor.extraction.actors.mentions import ActorMention
from services.processor.extraction.actors.perpetrators import PerpetratorMention, find_perpetrators, to_perpetrators
from services.processor.extraction.actors.responsibility import responsibility_of, strongest

__all__ = [
    "Actor",
    "ActorMention",
    "PerpetratorMention",
    "find_actors",
    "find_perpetrators",
    "load_actors",
    "responsibility_of",
    "strongest",
    "to_perpetrators",
]
