# Made by `python -m tools.stubs` of Keras 3.15.1
from keras.models import save_model as save_model

from typedlayers.cloning import clone_model as clone_model
from typedlayers.models.model import Model as Model
from typedlayers.models.sequential import Sequential as Sequential
from typedlayers.saving import load_model as load_model
from typedlayers.saving import model_from_json as model_from_json
