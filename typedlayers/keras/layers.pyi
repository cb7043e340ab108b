# Made by `python -m tools.stubs` of Keras 3.15.1
from typedlayers.layers import *  # noqa: F403
