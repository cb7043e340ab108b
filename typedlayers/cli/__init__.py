"""The command ``typedlayers``: it parses arguments, calls the library and prints."""

from __future__ import annotations

from typedlayers.cli.app import main as main
