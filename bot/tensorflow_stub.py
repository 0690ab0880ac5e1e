"""Stands in for TensorFlow, which Rasa imports at start and this bot never uses: 350 MB and several seconds saved."""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

_ROOTS = frozenset(
    {"tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "tensorboard", "jax"}
)
_VERSION = "2.12.0"  # what Rasa 3.6 asks for


def install() -> None:
    """Serve stand-ins for every import of TensorFlow from now on."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _StandInType(type):
    """A class of which every attribute is another stand-in class."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _stand_in(name)
        setattr(cls, name, made)
        return made

    def __or__(cls, other: Any) -> Any:
        return cls

    def __ror__(cls, other: Any) -> Any:
        return cls

    def __iter__(cls) -> Iterator[Any]:
        return iter(())

    def __getitem__(cls, key: Any) -> Any:
        return cls


class _StandIn(metaclass=_StandInType):
    """Can be subclassed, called, used as a decorator and looked into; does nothing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __init_subclass__(cls, **_: Any) -> None:
        pass

    def __call__(self, *args: Any, **named: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) and not named else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn()

    def __class_getitem__(cls, key: Any) -> Any:
        return cls


def _stand_in(name: str) -> Any:
    return _StandInType(name, (_StandIn,), {})


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _stand_in(name)
        setattr(self, name, made)
        return made


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: types.ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".", maxsplit=1)[0] not in _ROOTS:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = _Module(spec.name)
        module.__path__ = []
        vars(module)["__version__"] = _VERSION
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass
