"""The command ``typedlayers``: thin; it parses arguments, asks the library and prints."""

from __future__ import annotations

from typedlayers.cli.app import main as main
