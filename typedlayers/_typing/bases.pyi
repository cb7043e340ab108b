# Made by `python -m tools.stubs` of Keras 3.15.1
MYPY = False  # mypy takes this name for true
if MYPY:
    from typedlayers._typing.listed import LayerBase as LayerBase
    from typedlayers._typing.listed import ModelBase as ModelBase
    from typedlayers._typing.listed import SequentialBase as SequentialBase
else:
    pass
